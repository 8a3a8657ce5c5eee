import {
  type AttemptName,
  type AttemptRow,
  type DeliveryTarget,
  deleteOutbox,
  findAttempt,
  findDeliveryTarget,
  findOutbox,
  type OutboxName,
  takeAttempt,
} from '@agent-registry/db';
import type { Ids } from '@agent-registry/schemas';
import type { OperationDeps } from '../commit.ts';
import type { Op } from '../op.ts';
import { schedule } from '../outbox.ts';
import { spendAttempt } from './attempt-budget.ts';

export type AttemptClaim =
  /** This worker makes the attempt, and says so by the token when it records the outcome. */
  | { readonly kind: 'claimed'; readonly token: string }
  /** The attempt has its outcome; its successor, if it has one, is in the outbox and its task is to be created. */
  | { readonly kind: 'recorded' }
  /** Another worker is making it. */
  | { readonly kind: 'leased' }
  /** The endpoint has never answered, and has had its attempts of this hour. */
  | { readonly kind: 'over_budget'; readonly until: Date }
  /** Nobody wants the attempt any more. */
  | { readonly kind: 'gone'; readonly reason: 'deleted' | 'superseded' | 'finished' | 'unreachable' };

/** An attempt's name in the outbox. */
export function outboxNameOf(name: AttemptName): OutboxName {
  return { kind: 'webhook', subject: name.deliveryId, cycle: name.cycle, attempt: name.attempt };
}

/** `targetUrl`: where the attempt goes, which the agent may have replaced since. */
type AttemptInput = AttemptName & { readonly leaseMs: number; readonly targetUrl: string };

/**
 * Takes an attempt for one worker by one statement, where nothing stands in the way: the usual case. Null in every other, which
 * `claimAttempt` tells apart.
 */
export async function claimAtOnce(
  { db, clock, ids }: Pick<OperationDeps, 'db' | 'clock' | 'ids'>,
  input: AttemptInput,
): Promise<Extract<AttemptClaim, { kind: 'claimed' }> | null> {
  const lease = leaseOf(ids, clock.now(), input);
  const isTaken = await takeAttempt(db, input, lease, input.targetUrl);
  return isTaken ? { kind: 'claimed', token: lease.token } : null;
}

function leaseOf(ids: Ids, now: Date, { leaseMs }: AttemptInput) {
  return { token: ids.next(), until: new Date(now.getTime() + leaseMs), now };
}

/**
 * Takes an attempt for one worker: a claim row keyed delivery, cycle and attempt, with a lease, so that an attempt is made
 * once even when its task arrives twice. A lease that ran out without an outcome is taken over.
 *
 * @param input.sends false where nothing will be sent, so that nothing is counted.
 */
export async function claimAttempt(
  op: Op,
  input: AttemptInput & { readonly sends?: boolean },
): Promise<AttemptClaim> {
  const target = await findDeliveryTarget(op.trx, input.deliveryId);
  if (target === undefined) return giveUp(op, input, 'deleted');
  const refusal = refusalOf(target, input);
  if (refusal === null) {
    const nextBudget = input.sends === false ? null : await budgetUntil(op, input, target);
    if (nextBudget !== null) return { kind: 'over_budget', until: nextBudget };
    const lease = leaseOf(op.ids, op.now, input);
    if (await takeAttempt(op.trx, input, lease, null)) return { kind: 'claimed', token: lease.token };
  }
  const seen = await findAttempt(op.trx, input);
  if (seen !== undefined && seen.finished_at !== null) return ensureSuccessor(op, input, target, seen);
  return refusal === null ? { kind: 'leased' } : giveUp(op, input, refusal);
}

/** Counts the attempt against what bounds an unverified endpoint, unless another worker makes it or has made it. */
async function budgetUntil(op: Op, input: AttemptInput, target: DeliveryTarget): Promise<Date | null> {
  if (input.targetUrl === target.endpoint_verified_url) return null;
  const seen = await findAttempt(op.trx, input);
  const isOurs = seen === undefined || (seen.finished_at === null && seen.lease_until <= op.now);
  return isOurs ? spendAttempt(op, target, input.targetUrl) : null;
}

type Refusal = Extract<AttemptClaim, { kind: 'gone' }>['reason'];

/** Why an attempt is not to be made at all, or null. */
function refusalOf(target: DeliveryTarget, { cycle }: AttemptName): Refusal | null {
  if (target.cycle !== cycle) return 'superseded';
  if (target.status !== 'pending') return 'finished';
  return target.isReachable ? null : 'unreachable';
}

async function giveUp(op: Op, name: AttemptName, reason: Refusal): Promise<AttemptClaim> {
  await deleteOutbox(op.trx, outboxNameOf(name));
  return { kind: 'gone', reason };
}

/** Sees to it that what a recorded attempt led to is in the outbox, and that its task is created once more. */
async function ensureSuccessor(
  op: Op,
  name: AttemptName,
  target: DeliveryTarget,
  recorded: AttemptRow,
): Promise<AttemptClaim> {
  const dueAt = recorded.next_attempt_at;
  const isOpen = target.cycle === name.cycle && target.status === 'pending' && target.isReachable;
  if (dueAt === null || !isOpen) return { kind: 'recorded' };
  const successor = { ...name, attempt: name.attempt + 1 };
  const entry = await findOutbox(op.trx, outboxNameOf(successor));
  if (entry !== undefined) op.outbox.due.push(entry);
  else if ((await findAttempt(op.trx, successor)) === undefined) {
    schedule(op, { ...outboxNameOf(successor), job_id: null, due_at: dueAt });
  }
  return { kind: 'recorded' };
}
