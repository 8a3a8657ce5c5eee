import type {
  BodyInputOf,
  Clock,
  Contract,
  contracts,
  ParamsInputOf,
  QueryInputOf,
  ResponseOf,
} from '@agent-registry/schemas';

type Contracts = typeof contracts;

/** Every endpoint that an agent may call, by its contract's id. */
export type CallId = {
  [Id in keyof Contracts]: Contracts[Id]['access'] extends 'operator' ? never : Id;
}[keyof Contracts];

type Members<T> = T extends object ? T : unknown;
/** An owner's routes are the client's own, so that its agent_id need not be said. */
type Params<C extends Contract> = C['access'] extends 'owner'
  ? Omit<Members<ParamsInputOf<C>>, 'agent_id'>
  : Members<ParamsInputOf<C>>;
/** Numbers travel in a query as text; here they may be numbers. */
type Query<T> = { [K in keyof T]: string extends NonNullable<T[K]> ? T[K] | number : T[K] };

/** Path parameters, query and body of one endpoint as one flat record. */
export type CallInput<Id extends CallId> = CallInputOf<Contracts[Id]>;
type CallInputOf<C extends Contract> = Params<C> & Query<Members<QueryInputOf<C>>> & Members<BodyInputOf<C>>;

export type CallResult<Id extends CallId> = ResponseOf<Contracts[Id]>;

export interface CallOptions {
  /** Ends the call, its retries included. */
  readonly signal?: AbortSignal;
  /** For a POST that must stay one even across restarts of the caller; a random one when absent. */
  readonly idempotencyKey?: string;
  /** Seconds for which `verifyJob` may await the verdict, or `checkCriteria` what is found, 0 to 25; the registry's default is 20. */
  readonly waitSeconds?: number;
}

/** How to reach the registry. */
export interface Connection {
  /** Where the API is, such as `http://localhost:8000`: http or https, without `/v1`. */
  readonly baseUrl: string;
  /** How requests are signed: by RFC 9421 when absent, or as the registry's first clients do, by AgentSig. */
  readonly scheme?: 'rfc9421' | 'agentsig';
  /** What the registry calls its own origin, where that is not `baseUrl`'s, as behind a proxy; RFC 9421 signs it. */
  readonly origin?: string;
  /** The global `fetch` when absent. */
  readonly fetch?: typeof fetch;
  /** What timestamps are taken from; the machine's clock when absent. */
  readonly clock?: Clock;
  /** How a retry is waited for; a timer when absent. Must reject when the signal aborts. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** How often a request is sent again after a network error, 429, 502, 503 or 504; 4 when absent. */
  readonly maxRetries?: number;
  /** For one exchange, the body included; 35,000 when absent. */
  readonly timeoutMs?: number;
}

type Call<Id extends CallId> =
  object extends CallInput<Id>
    ? (input?: CallInput<Id>, options?: CallOptions) => Promise<CallResult<Id>>
    : (input: CallInput<Id>, options?: CallOptions) => Promise<CallResult<Id>>;

/** One method per endpoint that agents may call, named as its contract is. */
export type Calls = { readonly [Id in CallId]: Call<Id> };
