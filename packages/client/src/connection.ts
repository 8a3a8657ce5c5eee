import type { AgentCalls } from './api.generated.ts';

/** How to reach the registry. */
export interface Connection {
  /** Where the API is, such as `http://localhost:8000`: http or https, without `/v1`. */
  readonly baseUrl: string;
  /** How requests are signed: by RFC 9421 when absent, or as the registry's first clients do, by AgentSig. */
  readonly scheme?: 'rfc9421' | 'agentsig' | undefined;
  /** What the registry calls its own origin, where that is not `baseUrl`'s, as behind a proxy; RFC 9421 signs it. */
  readonly origin?: string | undefined;
  /** The global `fetch` when absent. */
  readonly fetch?: typeof fetch | undefined;
  /** What timestamps are taken from; the machine's clock when absent. */
  readonly clock?: { now(): Date } | undefined;
  /** How a retry is waited for; a timer when absent. Must reject when the signal aborts. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** How often a request is sent again after a network error, 429, 502, 503 or 504; 4 when absent. */
  readonly maxRetries?: number | undefined;
  /** For one exchange, the body included; 35,000 when absent. */
  readonly timeoutMs?: number | undefined;
}

export interface CallOptions {
  /** Ends the call, its retries included. */
  readonly signal?: AbortSignal | undefined;
  /** For a POST that must stay one even across restarts of the caller; a random one when absent. */
  readonly idempotencyKey?: string | undefined;
  /** Seconds for which the answer of a call that waits may be awaited, 0 to 25; the registry's default is 20. */
  readonly waitSeconds?: number | undefined;
}

/** What a call takes: path parameters, query and body as one record. */
export type CallInput<Id extends keyof AgentCalls<CallOptions>> = NonNullable<
  Parameters<AgentCalls<CallOptions>[Id]>[0]
>;
