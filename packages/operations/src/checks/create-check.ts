import { insertCheck, listCheckUse, lockChecksOfAgent } from '@agent-registry/db';
import { CHECK_DAY_MS, CHECK_RUNNER_MS_DAILY, CHECKS_DAILY, checkAllowedAt } from '@agent-registry/domain';
import { RegistryError } from '@agent-registry/schemas';
import type { Op } from '../op.ts';
import { schedule } from '../outbox.ts';

export interface CheckRequest {
  readonly agentId: string;
  /** Already checked, as a proposal's are: JSON as it was sent. */
  readonly criteria: { readonly text: string; readonly hash: string };
  readonly hiddenCases: string | null;
  /** JSON of `[{name, result, expect}]`. */
  readonly samples: string;
  readonly repeats: number;
}

/**
 * An agent has acceptance criteria tried on samples. The run is due at once.
 *
 * @returns the check's id.
 * @throws RegistryError rate_limited, with the time from which another one is let through.
 */
export async function createCheck(op: Op, request: CheckRequest): Promise<string> {
  const { agentId } = request;
  await lockChecksOfAgent(op.trx, agentId);
  await assertFewChecks(op, agentId);
  const checkId = op.ids.next();
  const { hiddenCases } = request;
  await insertCheck(op.trx, {
    check_id: checkId,
    agent_id: agentId,
    criteria_hash: request.criteria.hash,
    criteria: request.criteria.text,
    samples: request.samples,
    hidden_cases: hiddenCases === null ? null : op.sealer.seal(hiddenCases, hiddenCasesContext(checkId)),
    repeats: request.repeats,
    created_at: op.now,
  });
  scheduleCheck(op, checkId, op.now);
  return checkId;
}

async function assertFewChecks(op: Op, agentId: string): Promise<void> {
  const rows = await listCheckUse(op.trx, agentId, new Date(op.now.getTime() - CHECK_DAY_MS));
  const use = rows.map((row) => ({ createdAt: row.created_at, runnerMs: row.runner_ms }));
  const freesAt = checkAllowedAt(use);
  if (freesAt === null) return;
  const most = `${CHECKS_DAILY} checks and ${CHECK_RUNNER_MS_DAILY / 1_000} runner-seconds a day`;
  throw new RegistryError(
    'rate_limited',
    `An agent has ${most} at most: the next one frees at ${freesAt.toISOString()}.`,
    { retryAfterSeconds: Math.max(1, Math.ceil((freesAt.getTime() - op.now.getTime()) / 1_000)) },
  );
}

/** The seal's context of a check's hidden cases. */
export function hiddenCasesContext(checkId: string): string {
  return `check-hidden-cases:${checkId}`;
}

/** Makes a check's next task due at `dueAt`. */
export function scheduleCheck(op: Op, checkId: string, dueAt: Date): void {
  const entry = { kind: 'criteria_check', subject: checkId, cycle: 1, attempt: 1 } as const;
  schedule(op, { ...entry, job_id: null, due_at: dueAt });
}

/** The key under which a check's end is announced. */
export function checkKey(checkId: string): string {
  return `check:${checkId}`;
}
