import { randomUUID } from 'node:crypto';
import { endpoints } from './api.generated.ts';
import type { CallOptions, Connection } from './connection.ts';
import { type Answer, type Credentials, type RequestToSend, sendRequest } from './send-request.ts';

export type EndpointId = keyof typeof endpoints;
type Endpoint = (typeof endpoints)[EndpointId];
type Input = Readonly<Record<string, unknown>>;

/** Calls one endpoint with its path parameters, query and body as one record. */
export async function callEndpoint(
  connection: Connection,
  credentials: Credentials | null,
  id: EndpointId,
  input: Input = {},
  options: CallOptions = {},
): Promise<Answer> {
  return sendRequest(connection, credentials, requestOf(id, { connection, credentials, input, options }));
}

/** A method for each of the endpoints that `accepts`. */
export function methodsFor(
  connection: Connection,
  credentials: Credentials | null,
  accepts: (endpoint: Endpoint) => boolean,
): Record<string, unknown> {
  const ids = (Object.keys(endpoints) as EndpointId[]).filter((id) => accepts(endpoints[id]));
  const methods = ids.map((id) => [
    id,
    async (input?: Input, options?: CallOptions) =>
      (await callEndpoint(connection, credentials, id, input, options)).value,
  ]);
  return Object.fromEntries(methods);
}

interface Call {
  readonly connection: Connection;
  readonly credentials: Credentials | null;
  readonly input: Input;
  readonly options: CallOptions;
}

function requestOf(id: EndpointId, { connection, credentials, input, options }: Call): RequestToSend {
  const endpoint: Endpoint = endpoints[id];
  if (credentials === null && endpoint.access !== 'open')
    throw new TypeError(`${id} needs a client with agentId and privateKey`);
  const isOwn = endpoint.access === 'owner' && credentials !== null && 'agentId' in credentials;
  const rest = new Map(Object.entries(isOwn ? { agent_id: credentials.agentId, ...input } : input));
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest.get(name);
    if (value === undefined) throw new TypeError(`${id} needs ${name}`);
    rest.delete(name);
    const text = textOf(value);
    // These would lead to the address of another endpoint.
    if (text === '' || text === '.' || text === '..') throw new TypeError(`${name} cannot be "${text}"`);
    return encodeURIComponent(text);
  });
  const prefix = new URL(connection.baseUrl).pathname.replace(/\/$/, '');
  return {
    method: endpoint.method,
    path: `${prefix}/v1${path}`,
    query: endpoint.hasQuery ? queryText(rest) : '',
    body: endpoint.hasBody ? JSON.stringify(Object.fromEntries(rest)) : null,
    headers: headersOf(endpoint, options),
    signal: options.signal,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function queryText(members: ReadonlyMap<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of members) {
    if (value !== undefined && value !== null) query.set(name, textOf(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function headersOf({ isIdempotent }: Endpoint, options: CallOptions): Record<string, string> {
  return {
    ...(isIdempotent ? { 'idempotency-key': options.idempotencyKey ?? randomUUID() } : {}),
    ...(options.waitSeconds === undefined ? {} : { prefer: `wait=${options.waitSeconds}` }),
  };
}
