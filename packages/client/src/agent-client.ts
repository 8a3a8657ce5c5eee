import { randomUUID } from 'node:crypto';
import { type Contract, contracts } from '@agent-registry/schemas';
import type { CallOptions, Calls, Connection } from './call-types.ts';
import { checkBaseUrl } from './check-base-url.ts';
import { type Identity, type RequestToSend, sendRequest } from './send-request.ts';

/**
 * Acts for one agent, or for nobody where no agent is needed: a method per endpoint that agents may call, named as in the API's
 * documentation. The operators' endpoints have none.
 */
export interface AgentClient extends Calls {
  /** Whom it acts for. */
  readonly agentId: string | null;
}

export interface AgentClientOptions extends Connection {
  readonly agentId?: string | undefined;
  /** 64 hex digits: the seed of the agent's Ed25519 key. */
  readonly privateKey?: string | undefined;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * A client of the registry. Each call takes the endpoint's path parameters, query and body as one record, signs the request,
 * retries what is worth it (a POST under one Idempotency-Key), and resolves to the answer.
 *
 * @throws TypeError for a base URL that cannot be right.
 * @throws (each call) RegistryProblem when the registry refuses, RegistryUnreachable when it does not answer.
 */
export function createAgentClient(options: AgentClientOptions): AgentClient {
  const { agentId, privateKey, baseUrl, ...rest } = options;
  const connection: Connection = { ...rest, baseUrl: checkBaseUrl(baseUrl) };
  const identity = agentId !== undefined && privateKey !== undefined ? { agentId, privateKey } : null;
  const calls = Object.entries<Contract>(contracts)
    .filter(([, contract]) => contract.access !== 'operator')
    .map(([id, contract]) => [
      id,
      async (input: Input = {}, callOptions: CallOptions = {}) =>
        sendRequest(connection, identity, requestOf(contract, connection, identity, input, callOptions)),
    ]);
  return { ...Object.fromEntries(calls), agentId: agentId ?? null } as AgentClient;
}

function requestOf(
  contract: Contract,
  connection: Connection,
  identity: Identity | null,
  input: Input,
  options: CallOptions,
): RequestToSend {
  if (identity === null && contract.access !== 'open')
    throw new TypeError(`${contract.id} needs a client with agentId and privateKey`);
  const rest = new Map(
    Object.entries(contract.access === 'owner' ? { agent_id: identity?.agentId, ...input } : input),
  );
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest.get(name);
    if (value === undefined) throw new TypeError(`${contract.id} needs ${name}`);
    rest.delete(name);
    return encodeURIComponent(textOf(value));
  });
  const prefix = new URL(connection.baseUrl).pathname.replace(/\/$/, '');
  return {
    method: contract.method,
    path: `${prefix}/v1${path}`,
    query: contract.query === undefined ? '' : queryText(rest),
    body: contract.body === undefined ? null : JSON.stringify(Object.fromEntries(rest)),
    headers: headersOf(contract, options),
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

function headersOf(contract: Contract, options: CallOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  if (contract.method === 'POST' && contract.idempotency !== 'ignored')
    headers['idempotency-key'] = options.idempotencyKey ?? randomUUID();
  if (options.waitSeconds !== undefined) headers.prefer = `wait=${options.waitSeconds}`;
  return headers;
}
