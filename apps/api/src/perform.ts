import { type Op, recordAudit, runOperation } from '@agent-registry/operations';
import { type Contract, RegistryError } from '@agent-registry/schemas';
import type { ApiContext } from './context.ts';
import { Answer, type ApiRequest, type Caller, type Endpoint, type MutationEndpoint } from './endpoint.ts';
import { onceOnly, readIdempotency, type SentAnswer } from './middleware/idempotency.ts';
import { setAlarms } from './set-alarms.ts';

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
  if (operatorOf(request) !== null) {
    await runOperation(context, (op) => audit(op, contract, request, 'read'));
  }
  return toSent(contract, reply);
}

/** One transaction: the idempotency key, the operation, the audit. Its alarms are set once it is committed. */
async function performMutation(
  context: ApiContext,
  endpoint: MutationEndpoint<Contract>,
  request: ApiRequest<Contract>,
): Promise<SentAnswer> {
  const { contract } = endpoint;
  const idempotency = readIdempotency(contract, request);
  try {
    const { value, outbox } = await runOperation(context, async (op) => {
      const answer = await onceOnly(op, contract, idempotency, async () =>
        toSent(contract, await endpoint.run(op, request, context)),
      );
      await audit(op, contract, request, 'idempotency-replayed' in answer.headers ? 'replayed' : 'done');
      return answer;
    });
    await setAlarms(context, outbox);
    return value;
  } catch (error) {
    await auditRefusal(context, contract, request, error);
    throw error;
  }
}

/** A refused call left no trace in the transaction that was undone, so it gets a row of its own. */
async function auditRefusal(
  context: ApiContext,
  contract: Contract,
  request: ApiRequest<Contract>,
  error: unknown,
): Promise<void> {
  if (operatorOf(request) === null || !(error instanceof RegistryError)) return;
  await runOperation(context, (op) => audit(op, contract, request, error.code));
}

async function audit(
  op: Op,
  contract: Contract,
  request: ApiRequest<Contract>,
  outcome: string,
): Promise<void> {
  const operator = operatorOf(request);
  if (operator === null) return;
  const params = request.params as Record<string, string> | undefined;
  const body = request.body as Record<string, unknown> | undefined;
  const subject = Object.values(params ?? {})[0] ?? body?.agent_id ?? null;
  await recordAudit(op, {
    operator,
    action: contract.id,
    subject: typeof subject === 'string' ? subject : null,
    details: {
      outcome,
      ...(params ?? {}),
      ...((request.query as object | undefined) ?? {}),
      ...(body ?? {}),
    },
  });
}

function operatorOf(request: ApiRequest<Contract>): string | null {
  const caller = request.caller as Caller;
  return caller?.kind === 'operator' ? caller.name : null;
}

function toSent(contract: Contract, reply: unknown): SentAnswer {
  const answer = reply instanceof Answer ? reply : new Answer<unknown>(reply);
  return {
    status: answer.status ?? contract.status,
    headers: answer.headers,
    json: contract.response === null ? null : JSON.stringify(answer.body),
  };
}
