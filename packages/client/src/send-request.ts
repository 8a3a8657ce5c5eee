import { setTimeout as delay } from 'node:timers/promises';
import { signRequest } from '@agent-registry/signing';
import type { Connection } from './call-types.ts';
import { problemOf, RegistryProblem, RegistryUnreachable } from './registry-problem.ts';
import { parseRetryAfter, retryDelayMs } from './retry-delay.ts';

const DEFAULT_RETRIES = 4;
const DEFAULT_TIMEOUT_MS = 35_000;
const RETRIED_STATUSES = [429, 502, 503, 504];

export interface Identity {
  readonly agentId: string;
  readonly privateKey: string;
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
 * Sends a request, signed anew each time when there is an identity, until it is answered or the retries are used up. Resolves to
 * the JSON of a 2xx answer, undefined when it is empty.
 *
 * @throws RegistryProblem for any other answer, RegistryUnreachable when none came, the signal's reason when it aborted.
 */
export async function sendRequest(
  connection: Connection,
  identity: Identity | null,
  request: RequestToSend,
): Promise<unknown> {
  const sleep = connection.sleep ?? sleepFor;
  const retries = connection.maxRetries ?? DEFAULT_RETRIES;
  for (let n = 0; ; n += 1) {
    try {
      return await exchange(connection, identity, request);
    } catch (error) {
      request.signal?.throwIfAborted();
      const pause = n < retries && isWorthRetrying(error) ? pauseFor(n, error) : null;
      if (pause === null) throw error;
      await sleep(pause, request.signal);
    }
  }
}

async function exchange(
  connection: Connection,
  identity: Identity | null,
  request: RequestToSend,
): Promise<unknown> {
  const now = connection.clock?.now() ?? new Date();
  const { method, path, query, body } = request;
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  if (body !== null) headers['content-type'] = 'application/json';
  if (identity !== null) {
    const bytes = Buffer.from(body ?? '', 'utf8');
    Object.assign(
      headers,
      signRequest({ ...identity, method, path, body: bytes, timestamp: now.toISOString() }),
    );
  }
  const timeout = AbortSignal.timeout(connection.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  const url = `${new URL(connection.baseUrl).origin}${path}${query}`;
  const { response, text } = await answerOf(connection.fetch ?? fetch, url, {
    method,
    headers,
    body,
    signal,
    // Another address would need another signature.
    redirect: 'manual',
  });
  if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown);
  const retryAfter = parseRetryAfter(response.headers.get('retry-after'), now);
  throw problemOf(response.status, response.headers.get('content-type'), text, retryAfter);
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

function pauseFor(n: number, error: unknown): number | null {
  const asked = error instanceof RegistryProblem ? error.retryAfterSeconds : null;
  return retryDelayMs(n, asked, Math.random());
}

async function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal });
}
