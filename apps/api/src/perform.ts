import { commit } from '@agent-registry/operations';
import { type Contract, writeJson } from '@agent-registry/schemas';
import { auditCall } from './audit-operator.ts';
import type { ApiContext } from './context.ts';
import { Answer, type ApiRequest, type Endpoint, type MutationEndpoint } from './endpoint.ts';
import { claimNonces } from './middleware/claim-nonces.ts';
import { onceOnly, readIdempotency, type SentAnswer } from './middleware/idempotency.ts';
import { onAccount } from './storage.ts';

/** Lets an endpoint do its work, and returns what to send. */
export async function perform(
  context: ApiContext,
  endpoint: Endpoint,
  request: ApiRequest<Contract>,
): Promise<SentAnswer> {
  const { contract } = endpoint;
  if ('run' in endpoint) return performMutation(context, endpoint, request);
  const reply =
    'read' in endpoint ? await endpoint.read(context, request) : await endpoint.handle(context, request);
  if (contract.access === 'operator') {
    await commit(context, (op) => auditCall(op, contract, request, 'read'));
  }
  return toSent(contract, reply);
}

/** One transaction: the request's nonces, the idempotency key, the operation, the audit. */
export async function performMutation(
  context: ApiContext,
  endpoint: MutationEndpoint<Contract>,
  request: ApiRequest<Contract>,
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
async function prepare(
  context: ApiContext,
  endpoint: MutationEndpoint<Contract>,
  request: ApiRequest<Contract>,
): Promise<() => void> {
  try {
    const value = await endpoint.prepare?.(context, request);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function toSent(contract: Contract, reply: unknown): SentAnswer {
  const answer = reply instanceof Answer ? reply : new Answer<unknown>(reply);
  return {
    status: answer.status ?? contract.status,
    headers: answer.headers,
    json: contract.response === null ? null : writeJson(answer.body),
  };
}
