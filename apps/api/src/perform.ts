import { commit, type Op } from '@agent-registry/operations';
import { type Contract, type ResponseOf, writeJson } from '@agent-registry/schemas';
import { Answer, type ApiRequest } from './api-request.ts';
import { auditCall } from './audit-operator.ts';
import type { ApiContext } from './context.ts';
import { claimNonces } from './middleware/claim-nonces.ts';
import { onceOnly, readIdempotency, type SentAnswer } from './middleware/idempotency.ts';
import { onAccount } from './storage.ts';

export type Replies<C extends Contract> = Promise<ResponseOf<C> | Answer<unknown>>;

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
    await claimNonces(op, request.caller);
    const answer = await onceOnly(op, contract, idempotency, async () =>
      onAccount(op, contract, request, idempotency !== null, async () =>
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

/** An endpoint's reply as it is sent, and kept under an idempotency key. */
export function toSent(contract: Contract, reply: unknown): SentAnswer {
  const answer = reply instanceof Answer ? reply : new Answer<unknown>(reply);
  return {
    status: answer.status ?? contract.status,
    headers: answer.headers,
    json: contract.response === null ? null : writeJson(answer.body),
  };
}
