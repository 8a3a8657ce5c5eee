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
import type { Op } from '../op.ts';
import { schedule } from '../outbox.ts';
import { isReachable } from './reachable.ts';

export type AttemptClaim =
  /** This worker makes the attempt. `isLast`: none follows it in this cycle. */
  | { readonly kind: 'claimed'; readonly token: string; readonly isLast: boolean; readonly isPing: boolean }
  /** The attempt has its outcome; its successor, if it has one, is in the outbox and its alarm is to be set. */
  | { readonly kind: 'recorded' }
  /** Another worker is making it. */
  | { readonly kind: 'leased' }
  /** Nobody wants the attempt any more. */
  | { readonly kind: 'gone'; readonly reason: 'deleted' | 'superseded' | 'finished' | 'unreachable' };

/** An attempt's name in the outbox. */
export function outboxNameOf(name: AttemptName): OutboxName {
  return { kind: 'webhook', subject: name.deliveryId, cycle: name.cycle, attempt: name.attempt };
}

/**
 * Takes an attempt for one worker: a claim row keyed delivery, cycle and attempt, with a lease, so that an attempt is made
 * once even when its task arrives twice. A lease that ran out without an outcome is taken over.
 */
export async function claimAttempt(
  op: Op,
  input: AttemptName & { readonly leaseMs: number },
): Promise<AttemptClaim> {
  const target = await findDeliveryTarget(op.trx, input.deliveryId);
  if (target === undefined) return giveUp(op, input, 'deleted');
  const seen = await findAttempt(op.trx, input);
  if (seen !== undefined && seen.finished_at !== null) return ensureSuccessor(op, input, target, seen);
  if (target.cycle !== input.cycle) return giveUp(op, input, 'superseded');
  if (target.status !== 'pending') return giveUp(op, input, 'finished');
  if (!isReachable(target)) return giveUp(op, input, 'unreachable');
  const token = op.ids.next();
  const until = new Date(op.now.getTime() + input.leaseMs);
  const taken = await takeAttempt(op.trx, input, { token, until, now: op.now });
  if (taken !== undefined) {
    const isLast = input.attempt >= op.rules.webhookMaxAttempts;
    return { kind: 'claimed', token, isLast, isPing: target.event_type === 'ping' };
  }
  const held = await findAttempt(op.trx, input);
  return held !== undefined && held.finished_at !== null
    ? ensureSuccessor(op, input, target, held)
    : { kind: 'leased' };
}

async function giveUp(
  op: Op,
  name: AttemptName,
  reason: Extract<AttemptClaim, { kind: 'gone' }>['reason'],
): Promise<AttemptClaim> {
  await deleteOutbox(op.trx, outboxNameOf(name));
  return { kind: 'gone', reason };
}

/** Sees to it that what a recorded attempt led to is in the outbox, and that its alarm is set once more. */
async function ensureSuccessor(
  op: Op,
  name: AttemptName,
  target: DeliveryTarget,
  recorded: AttemptRow,
): Promise<AttemptClaim> {
  const dueAt = recorded.next_attempt_at;
  const isOpen = target.cycle === name.cycle && target.status === 'pending' && isReachable(target);
  if (dueAt === null || !isOpen) return { kind: 'recorded' };
  const successor = { ...name, attempt: name.attempt + 1 };
  const entry = await findOutbox(op.trx, outboxNameOf(successor));
  if (entry !== undefined) op.outbox.push(entry.outbox_id);
  else if ((await findAttempt(op.trx, successor)) === undefined) {
    await schedule(op, { ...outboxNameOf(successor), jobId: null, dueAt });
  }
  return { kind: 'recorded' };
}
