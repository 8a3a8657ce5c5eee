import type { Problem } from '@agent-registry/client';
import { currentSession } from './session.ts';
import { type Signer, signRequest } from './sign-request.ts';

/** A refusal, in the registry's words. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? `The registry answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? '';
    this.errors = problem.errors ?? [];
  }
}

export interface CallOptions {
  /** Who asks: the agent of the session unless given; `operator` by the operator's key, null as nobody. */
  readonly as?: 'operator' | Signer | null | undefined;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal | undefined;
  /** Of a POST that must happen once, however often it is tried; a new one when absent. */
  readonly idempotencyKey?: string;
}

/** Calls the registry that serves this page. @throws Refusal, and TypeError when there is no answer. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  return (await send(method, path, options)).value as T;
}

async function send(
  method: string,
  path: string,
  options: CallOptions,
): Promise<{ readonly value: unknown; readonly headers: Headers }> {
  const url = urlOf(path, options.query ?? {});
  const body = options.body === undefined ? '' : JSON.stringify(options.body);
  const idempotencyKey = method === 'POST' ? (options.idempotencyKey ?? crypto.randomUUID()) : null;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== '') headers['content-type'] = 'application/json';
  if (idempotencyKey !== null) headers['idempotency-key'] = idempotencyKey;
  if (options.waitSeconds !== undefined) headers.prefer = `wait=${options.waitSeconds}`;
  const { agent, operatorKey } = currentSession();
  const signer = options.as === undefined && agent !== null ? { ...agent, keyId: agent.agentId } : options.as;
  if (signer === 'operator') headers['x-operator-key'] = operatorKey ?? '';
  else if (signer != null)
    Object.assign(headers, await signRequest(signer, { method, url, body, idempotencyKey, now: new Date() }));
  const response = await fetch(url, {
    method,
    headers,
    ...(body === '' ? {} : { body }),
    signal: options.signal ?? null,
    credentials: 'omit',
    redirect: 'error',
  });
  const text = await response.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Refusal(response.status, (value ?? {}) as Partial<Problem>);
  return { value, headers: response.headers };
}

export const get = <T>(path: string, options?: CallOptions): Promise<T> => call<T>('GET', path, options);
export const post = <T>(path: string, body: unknown = {}, options?: CallOptions): Promise<T> =>
  call<T>('POST', path, { ...options, body });

/** A list's page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly next_cursor: string | null;
}

/** A page of a list. One that is answered as an array names what follows in its Link header. */
export async function getPage<T>(path: string, options: CallOptions): Promise<Page<T>> {
  const { value, headers } = await send('GET', path, options);
  if (!Array.isArray(value)) return value as Page<T>;
  const next = /<([^>]+)>; *rel="next"/.exec(headers.get('link') ?? '')?.[1];
  const cursor = next === undefined ? null : new URL(next, location.origin).searchParams.get('cursor');
  return { items: value as T[], total: value.length, next_cursor: cursor };
}

function urlOf(path: string, query: NonNullable<CallOptions['query']>): string {
  const url = new URL(`/v1${path}`, location.origin);
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, String(value));
  return url.href;
}
