import type { AgentRow, NoncesToSpend } from '@agent-registry/db';
import type { Op } from '@agent-registry/operations';
import type { BodyOf, Contract, ParamsOf, QueryOf, ResponseOf } from '@agent-registry/schemas';
import type { ApiContext } from './context.ts';

/** An agent whose signature verified. */
export interface AgentCaller {
  readonly kind: 'agent';
  readonly agentId: string;
  /** The key that signed this very request. */
  readonly publicKey: string;
  readonly agent: AgentRow;
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

/** A request after everything that can be checked without the database's help has been checked. */
export interface ApiRequest<C extends Contract> {
  readonly params: ParamsOf<C>;
  readonly query: QueryOf<C>;
  readonly body: BodyOf<C>;
  /** The body as it was sent, for what must be kept or hashed to the letter. */
  readonly bodyText: string;
  readonly bodyHash: string;
  readonly caller: CallerOf<C>;
  readonly header: (name: string) => string | undefined;
  /** What the caller's address is counted by. */
  readonly address: string;
  /** The path asked for, without `/v1` and without the query. */
  readonly path: string;
  /** Aborted when the caller hangs up. */
  readonly gone: AbortSignal;
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

type Replies<C extends Contract> = Promise<ResponseOf<C> | Answer<unknown>>;

/** Reads and answers; changes nothing. */
export interface ReadEndpoint<C extends Contract> {
  readonly contract: C;
  read(context: ApiContext, request: ApiRequest<C>): Replies<C>;
}

/**
 * Changes the registry: `run` is one transaction together with the idempotency key and the audit. What takes long and needs
 * no transaction is done in `prepare`, before it is opened; its result, or what it threw, is got by calling `prepared`.
 */
export interface MutationEndpoint<C extends Contract, Prepared = void> {
  readonly contract: C;
  prepare?(context: ApiContext, request: ApiRequest<C>): Promise<Prepared>;
  run(op: Op, request: ApiRequest<C>, context: ApiContext, prepared: () => Prepared): Replies<C>;
}

/** Decides for itself what to read, wait for or change. */
export interface CustomEndpoint<C extends Contract> {
  readonly contract: C;
  handle(context: ApiContext, request: ApiRequest<C>): Replies<C>;
}

export type Endpoint = ReadEndpoint<Contract> | MutationEndpoint<Contract> | CustomEndpoint<Contract>;

/** Checks an endpoint that reads against its contract, and forgets the contract's exact types. */
export function reading<C extends Contract>(endpoint: ReadEndpoint<C>): Endpoint {
  return endpoint as unknown as Endpoint;
}

/** The same for an endpoint that changes something. */
export function changing<C extends Contract, Prepared = void>(
  endpoint: MutationEndpoint<C, Prepared>,
): Endpoint {
  return endpoint as unknown as Endpoint;
}

/** The same for an endpoint with a course of its own. */
export function handling<C extends Contract>(endpoint: CustomEndpoint<C>): Endpoint {
  return endpoint as unknown as Endpoint;
}
