import { commit, type Op, recordAudit } from '@agent-registry/operations';
import { type Contract, formatCents, RegistryError } from '@agent-registry/schemas';
import type { AnyRequest, Caller } from './api-request.ts';
import type { ApiContext } from './context.ts';

/** Records an operator's call in the audit, in the operation's transaction. Other callers leave no such trace. */
export async function auditCall(
  op: Op,
  contract: Contract,
  request: AnyRequest,
  outcome: 'done' | 'replayed' | 'read',
): Promise<void> {
  const { caller } = request;
  if (caller?.kind === 'operator') await record(op, contract, caller.name, request, outcome);
}

/**
 * Notes that an operator's call was refused, and by which code: what it did in its transaction was undone, so this has one of
 * its own. `request` is null for a call that was refused before it could be read.
 */
export async function auditRefusal(
  context: ApiContext,
  contract: Contract,
  caller: Caller,
  request: AnyRequest | null,
  error: unknown,
): Promise<void> {
  if (caller?.kind !== 'operator' || !(error instanceof RegistryError)) return;
  await commit(context, (op) => record(op, contract, caller.name, request, error.code));
}

async function record(
  op: Op,
  contract: Contract,
  operator: string,
  request: AnyRequest | null,
  outcome: string,
): Promise<void> {
  const params = (request?.params ?? {}) as Readonly<Record<string, string>>;
  const body = (request?.body ?? {}) as Readonly<Record<string, unknown>>;
  const query = (request?.query ?? {}) as Readonly<Record<string, unknown>>;
  const subject = Object.values(params)[0] ?? body.agent_id;
  await recordAudit(op, {
    operator,
    action: contract.id,
    subject: typeof subject === 'string' ? subject : null,
    details: { outcome, ...params, ...query, ...withMoney(body) },
  });
}

function withMoney(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? formatCents(value) : value,
    ]),
  );
}
