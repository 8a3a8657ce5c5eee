import { randomInt } from 'node:crypto';
import { parseRetryAfter } from '@agent-registry/schemas';
import { type PrivateKey, parsePrivateKey, signHttpRequest, signRequest } from '@agent-registry/signing';
import type { Connection } from './connection.ts';
import { pause } from './pause.ts';
import { problemOf, RegistryProblem, RegistryUnreachable } from './registry-problem.ts';
import { retryDelayMs } from './retry-delay.ts';

const DEFAULT_RETRIES = 4;
const DEFAULT_TIMEOUT_MS = 35_000;
const RETRIED_STATUSES = [429, 502, 503, 504];

export interface Identity {
  /** The agent's id; while it registers, its public key. */
  readonly agentId: string;
  readonly privateKey: string;
}

/** What a request proves its sender by. */
export type Credentials = Identity | { readonly operatorKey: string };

/** A 2xx answer: its JSON, or undefined where it is empty. */
export interface Answer {
  readonly value: unknown;
  readonly headers: Headers;
}

export interface RequestToSend {
  readonly method: string;
  /** As it is sent, without the query; it is signed. */
  readonly path: string;
  readonly query: string;
  /** JSON text; null for none. */
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request, signed anew each time when there is an identity, until it is answered or the retries are used up.
 *
 * @throws RegistryProblem for any other answer, RegistryUnreachable when none came, the signal's reason when it aborted.
 */
export async function sendRequest(
  connection: Connection,
  credentials: Credentials | null,
  request: RequestToSend,
): Promise<Answer> {
  const sleep = connection.sleep ?? pause;
  const retries = connection.maxRetries ?? DEFAULT_RETRIES;
  for (let n = 0; ; n += 1) {
    try {
      return await exchange(connection, credentials, request);
    } catch (error) {
      request.signal?.throwIfAborted();
      const waitMs = n < retries && isWorthRetrying(error) ? waitBefore(n, error) : null;
      if (waitMs === null) throw error;
      await sleep(waitMs, request.signal);
    }
  }
}

async function exchange(
  connection: Connection,
  credentials: Credentials | null,
  request: RequestToSend,
): Promise<Answer> {
  const now = connection.clock?.now() ?? new Date();
  const { method, path, query, body } = request;
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  if (body !== null) headers['content-type'] = 'application/json';
  // As it goes over the wire: `fetch` spells a URL anew.
  const url = new URL(`${new URL(connection.baseUrl).origin}${path}${query}`).href;
  // In lower case, as the rest: a name in another case would be a second line of the same header.
  for (const [name, value] of Object.entries(proofOf(connection, credentials, { request, url, now })))
    headers[name.toLowerCase()] = value;
  const timeout = AbortSignal.timeout(connection.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  const { response, text } = await answerOf(connection.fetch ?? fetch, url, {
    method,
    headers,
    body,
    signal,
    // Another address would need another signature.
    redirect: 'manual',
  });
  if (response.ok) return { value: jsonOf(text, `${method} ${url}`), headers: response.headers };
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), now);
  const retryAfter = retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000);
  throw problemOf(response.status, response.headers.get('content-type'), text, retryAfter);
}

/** The JSON of an answer. What is none did not come from the registry, so that nobody knows what became of the request. */
function jsonOf(text: string, what: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new RegistryUnreachable(what, new Error('the answer is not JSON, as a proxy’s page'));
  }
}

/** To parse a key takes longer than to sign with it. */
const parsedKeys = new WeakMap<Identity, PrivateKey>();

function keyOf(identity: Identity): PrivateKey {
  const key = parsedKeys.get(identity) ?? parsePrivateKey(identity.privateKey);
  parsedKeys.set(identity, key);
  return key;
}

/** The headers that prove who sends. */
function proofOf(
  connection: Connection,
  credentials: Credentials | null,
  { request, url, now }: { request: RequestToSend; url: string; now: Date },
): Record<string, string> {
  if (credentials === null) return {};
  if ('operatorKey' in credentials) return { 'x-operator-key': credentials.operatorKey };
  const { agentId } = credentials;
  const privateKey = keyOf(credentials);
  const { method, path } = request;
  const body = Buffer.from(request.body ?? '', 'utf8');
  if (connection.scheme === 'agentsig') {
    // Digits below the millisecond tell equal requests apart, which would count as one.
    const digits = String(randomInt(1_000_000)).padStart(6, '0');
    const timestamp = now.toISOString().replace('Z', `${digits}Z`);
    return signRequest({ agentId, privateKey, method, path, body, timestamp });
  }
  const { origin } = new URL(url);
  return signHttpRequest({
    method,
    url: (connection.origin ?? origin) + url.slice(origin.length),
    body,
    idempotencyKey: request.headers['idempotency-key'],
    keyId: agentId,
    privateKey,
    now,
  });
}

async function answerOf(
  send: typeof fetch,
  url: string,
  init: RequestInit,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await send(url, init);
    return { response, text: await response.text() };
  } catch (error) {
    throw new RegistryUnreachable(`${init.method} ${url}`, error);
  }
}

function isWorthRetrying(error: unknown): boolean {
  if (error instanceof RegistryUnreachable) return true;
  if (!(error instanceof RegistryProblem)) return false;
  // An answer that was lost may have been on its way still when its request is repeated.
  return RETRIED_STATUSES.includes(error.status) || error.code === 'request_in_progress';
}

function waitBefore(n: number, error: unknown): number | null {
  const asked = error instanceof RegistryProblem ? error.retryAfterSeconds : null;
  return retryDelayMs(n, asked, Math.random());
}
