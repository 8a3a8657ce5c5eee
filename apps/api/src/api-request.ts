import type { AgentRow, Holdings, NoncesToSpend } from '@agent-registry/db';
import type { BodyOf, Contract, ParamsOf, QueryOf } from '@agent-registry/schemas';

/** An agent whose signature verified. */
export interface AgentCaller {
  readonly kind: 'agent';
  readonly agentId: string;
  /** The key that signed this very request. */
  readonly publicKey: string;
  readonly agent: AgentRow;
  /** For an endpoint that reads them with the signer; else null. */
  readonly holdings: Holdings | null;
  /** What the transaction of a change must add to the nonces table; null when it is there, or there is nothing to add. */
  readonly unclaimed: NoncesToSpend | null;
}

/** A key that registers itself: the request's signature proves that the sender holds it. There is no agent yet. */
export interface KeyCaller {
  readonly kind: 'key';
  readonly publicKey: string;
  readonly unclaimed: NoncesToSpend | null;
}

export interface OperatorCaller {
  readonly kind: 'operator';
  readonly name: string;
}

export type Caller = AgentCaller | KeyCaller | OperatorCaller | null;

/** Who an endpoint may rely on, by its contract's access. */
export type CallerOf<C extends Contract> = C['access'] extends 'operator'
  ? OperatorCaller
  : C['access'] extends 'signed' | 'owner'
    ? AgentCaller
    : (C['signedByNewKey'] extends true ? KeyCaller : never) | AgentCaller | null;

/** A request whatever its contract, after everything that can be checked without the database's help has been checked. */
export interface AnyRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly caller: Caller;
  /** The text of a member of the body as it was sent; undefined when it is absent, null when it is null. */
  readonly textOf: (member: string) => string | null | undefined;
  readonly bodyBytes: number;
  readonly bodyHash: string;
  readonly header: (name: string) => string | undefined;
  /** What the caller's address is counted by. */
  readonly address: string;
  /** The path asked for, without `/v1` and without the query. */
  readonly path: string;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
}

/** A request as its contract describes it. */
export interface ApiRequest<C extends Contract> extends AnyRequest {
  readonly params: ParamsOf<C>;
  readonly query: QueryOf<C>;
  readonly body: BodyOf<C>;
  readonly caller: CallerOf<C>;
}

/** An answer that says more than its body: another status than the contract's first, or headers. */
export class Answer<T> {
  readonly body: T;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: T, extras: { status?: number; headers?: Readonly<Record<string, string>> } = {}) {
    this.body = body;
    this.status = extras.status;
    this.headers = extras.headers ?? {};
  }
}
