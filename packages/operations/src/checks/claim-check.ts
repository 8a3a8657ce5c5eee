import {
  type CriteriaCheckRow,
  deleteOutboxOf,
  isDeliveryWaiting,
  isOtherLeased,
  listCheckUse,
  lockCheck,
  lockCheckSlot,
  sumCheckTime,
  updateCheck,
} from '@agent-registry/db';
import {
  CHECK_DAY_MS,
  CHECK_LIMIT_MS,
  CHECK_RUNNER_MS_DAILY,
  CHECK_SHARE_MS,
  CHECK_SHARE_WINDOW_MS,
} from '@agent-registry/domain';
import type { CheckReason } from '@agent-registry/schemas';
import type { Op } from '../op.ts';
import { renewLease } from '../renew-lease.ts';
import { checkKey, scheduleCheck } from './create-check.ts';

/** When a check that leaves the runner to others is looked at again. */
const YIELD_MS = 1_000;
const SHARE_USED_MS = 30_000;

export type CheckClaim =
  | { readonly kind: 'claimed'; readonly check: CriteriaCheckRow; readonly token: string }
  | { readonly kind: 'done' | 'busy' }
  /** It leaves the runner to others. The next task is in the outbox. */
  | { readonly kind: 'later' };

/**
 * Takes a check for one worker: a claim row with a lease, so that two tasks for one check never run it twice at once. Checks
 * run one at a time, when no delivery waits, and in a share of the time.
 */
export async function claimCheck(op: Op, input: { checkId: string }): Promise<CheckClaim> {
  const { checkId } = input;
  await lockCheckSlot(op.trx);
  const check = await lockCheck(op.trx, checkId);
  if (check === undefined || !isOpen(check)) {
    await deleteOutboxOf(op.trx, 'criteria_check', checkId);
    return { kind: 'done' };
  }
  if (check.status === 'running' && check.lease_until !== null && check.lease_until > op.now)
    return { kind: 'busy' };
  const spent = await findSpent(op, check);
  if (spent !== null) {
    await giveUpCheck(op, check, spent);
    return { kind: 'done' };
  }
  const waitMs = (await isOtherLeased(op.trx, 'criteria_check', { id: checkId, now: op.now }))
    ? YIELD_MS
    : await yieldsFor(op);
  if (waitMs > 0) {
    await postpone(op, checkId, waitMs);
    return { kind: 'later' };
  }
  const token = op.ids.next();
  const claimed = await updateCheck(op.trx, checkId, { status: 'running', lease_token: token });
  await renewLease(op, 'criteria_check', { id: checkId, token });
  return { kind: 'claimed', check: claimed, token };
}

/** Whether a check is neither finished nor given up. */
function isOpen(check: CriteriaCheckRow): boolean {
  return check.status === 'pending' || check.status === 'running';
}

/** Locks a check for the worker that holds its lease; null when another does by now, or it has ended. */
export async function lockLeasedCheck(
  op: Op,
  input: { checkId: string; token: string },
): Promise<CriteriaCheckRow | null> {
  const check = await lockCheck(op.trx, input.checkId);
  return check !== undefined && isOpen(check) && check.lease_token === input.token ? check : null;
}

/** Gives a check back: an outage, a shutdown. */
export async function releaseCheck(op: Op, input: { checkId: string; token: string }): Promise<void> {
  const check = await lockLeasedCheck(op, input);
  if (check !== null) await updateCheck(op.trx, input.checkId, NO_LEASE);
}

/** Ends a check that cannot be finished. */
export async function giveUpCheck(op: Op, check: CriteriaCheckRow, reason: CheckReason): Promise<void> {
  await updateCheck(op.trx, check.check_id, {
    ...NO_LEASE,
    status: 'unavailable',
    reason,
    finished_at: op.now,
  });
  await deleteOutboxOf(op.trx, 'criteria_check', check.check_id);
  op.announcements.push(checkKey(check.check_id));
}

/** Why a check may have no more of the runner; null while it may. */
export async function findSpent(op: Op, check: CriteriaCheckRow): Promise<CheckReason | null> {
  if (op.now.getTime() - check.created_at.getTime() >= CHECK_LIMIT_MS) return 'time';
  const use = await listCheckUse(op.trx, check.agent_id, new Date(op.now.getTime() - CHECK_DAY_MS));
  const usedMs = use.reduce((sum, { runner_ms }) => sum + runner_ms, 0);
  return usedMs >= CHECK_RUNNER_MS_DAILY ? 'runner_seconds' : null;
}

/** How long a check leaves the runner to others; 0 when it need not. */
export async function yieldsFor(op: Op): Promise<number> {
  if (await isDeliveryWaiting(op.trx)) return YIELD_MS;
  const used = await sumCheckTime(op.trx, new Date(op.now.getTime() - CHECK_SHARE_WINDOW_MS));
  return used >= CHECK_SHARE_MS ? SHARE_USED_MS : 0;
}

/** Moves a check to a little later, without a worker. */
export async function postpone(op: Op, checkId: string, waitMs = YIELD_MS): Promise<void> {
  await updateCheck(op.trx, checkId, NO_LEASE);
  scheduleCheck(op, checkId, new Date(op.now.getTime() + waitMs));
}

const NO_LEASE = { status: 'pending', lease_token: null, lease_until: null } as const;
