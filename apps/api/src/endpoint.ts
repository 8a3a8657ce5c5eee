import { commit, type Op } from '@agent-registry/operations';
import { type Contract, type ResponseOf, writeJson } from '@agent-registry/schemas';
import { Answer, type AnyRequest, type ApiRequest } from './api-request.ts';
import { auditCall } from './audit-operator.ts';
import type { ApiContext } from './context.ts';
import { onceOnly, readIdempotency, type SentAnswer } from './middleware/idempotency.ts';
import { claimNonces } from './middleware/verify-signature.ts';
import { type Incoming, readRequest } from './read-request.ts';
import { openAccount } from './storage.ts';

export { Answer } from './api-request.ts';

/** An endpoint as the router sees it. */
export interface Endpoint {
  readonly contract: Contract;
  /** Whether the signer's holdings are read together with the signer. */
  readonly withHoldings: boolean;
  /** Checks a request against the contract. @throws RegistryError as `readRequest` does. */
  readonly receive: (incoming: Incoming) => ReceivedRequest;
}

interface ReceivedRequest {
  readonly request: AnyRequest;
  /** Does the endpoint's work, and returns what to send. */
  readonly perform: (context: ApiContext) => Promise<SentAnswer>;
}

/** An endpoint that reads and answers; changes nothing. */
export function reading<C extends Contract>({
  contract,
  withHoldings = false,
  read,
}: {
  contract: C;
  withHoldings?: boolean;
  read: (context: ApiContext, request: ApiRequest<C>) => Replies<C>;
}): Endpoint {
  const one = endpoint(contract, async (context, request) => {
    const sent = toSent(contract, await read(context, request));
    if (contract.access === 'operator')
      await commit(context, (op) => auditCall(op, contract, request, 'read'));
    return sent;
  });
  return { ...one, withHoldings };
}

/** An endpoint that changes something, in one transaction. */
export function changing<C extends Contract>(mutation: Omit<MutationEndpoint<C, void>, 'prepare'>): Endpoint {
  return preparing({ ...mutation, prepare: async () => undefined });
}

/** The same for an endpoint that has something to prepare before its transaction. */
export function preparing<C extends Contract, Prepared>(mutation: MutationEndpoint<C, Prepared>): Endpoint {
  return endpoint(mutation.contract, (context, request) => performMutation(context, mutation, request));
}

/** An endpoint that decides for itself what to read, wait for or change. */
export function handling<C extends Contract>({
  contract,
  handle,
}: {
  contract: C;
  handle: (context: ApiContext, request: ApiRequest<C>) => Replies<C>;
}): Endpoint {
  return endpoint(contract, async (context, request) => toSent(contract, await handle(context, request)));
}

function endpoint<C extends Contract>(
  contract: C,
  perform: (context: ApiContext, request: ApiRequest<C>) => Promise<SentAnswer>,
): Endpoint {
  return {
    contract,
    withHoldings: false,
    receive: (incoming) => {
      const request = readRequest(contract, incoming);
      return { request, perform: (context) => perform(context, request) };
    },
  };
}

type Replies<C extends Contract> = Promise<ResponseOf<C> | Answer<unknown>>;

/**
 * Changes the registry: `run` is one transaction together with the idempotency key and the audit. What takes long and needs
 * no transaction is done in `prepare`, before it is opened; its result, or what it threw, is got by calling `prepared`.
 */
export interface MutationEndpoint<C extends Contract, Prepared> {
  readonly contract: C;
  prepare(context: ApiContext, request: ApiRequest<C>): Promise<Prepared>;
  run(op: Op, request: ApiRequest<C>, context: ApiContext, prepared: () => Prepared): Replies<C>;
}

/** One transaction: the request's nonces, the idempotency key, the operation, the audit. */
export async function performMutation<C extends Contract, Prepared>(
  context: ApiContext,
  endpoint: MutationEndpoint<C, Prepared>,
  request: ApiRequest<C>,
): Promise<SentAnswer> {
  const { contract } = endpoint;
  const idempotency = readIdempotency(contract, request);
  const prepared = await prepare(context, endpoint, request);
  const { value } = await commit(context, async (op) => {
    // What these ask the database first travels together.
    const claimed = claimNonces(op, request.caller);
    const account = openAccount(op, contract, request);
    const answer = await onceOnly(op, contract, { idempotency, claimed }, () =>
      account.charge(idempotency !== null, async () =>
        toSent(contract, await endpoint.run(op, request, context, prepared)),
      ),
    );
    await auditCall(op, contract, request, 'Idempotency-Replayed' in answer.headers ? 'replayed' : 'done');
    return answer;
  });
  return value;
}

/** A request whose answer is kept gets that one, so what a preparation threw is thrown by whoever asks for its result. */
async function prepare<C extends Contract, Prepared>(
  context: ApiContext,
  endpoint: MutationEndpoint<C, Prepared>,
  request: ApiRequest<C>,
): Promise<() => Prepared> {
  try {
    const value = await endpoint.prepare(context, request);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** `private`: the rate limit's headers, which come along, are the caller's own. */
function cacheHeaders({ maxAgeSeconds }: Contract): Record<string, string> {
  return maxAgeSeconds === undefined ? {} : { 'Cache-Control': `private, max-age=${maxAgeSeconds}` };
}

/** An endpoint's reply as it is sent, and kept under an idempotency key. */
function toSent(contract: Contract, reply: unknown): SentAnswer {
  const answer = reply instanceof Answer ? reply : new Answer<unknown>(reply);
  return {
    status: answer.status ?? contract.status,
    headers: { ...cacheHeaders(contract), ...answer.headers },
    json: contract.response === null ? null : writeJson(answer.body),
  };
}
