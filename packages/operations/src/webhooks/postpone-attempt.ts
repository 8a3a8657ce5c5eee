import { type AttemptName, findAttempt, postponeOutbox, updateLeasedAttempt } from '@agent-registry/db';
import type { Op } from '../op.ts';

/** The first wait of an attempt whose target has no room, and the longest. */
const CROWDED_MS = 1_000;
const CROWDED_MAX_MS = 30_000;
const DOUBLINGS_MAX = 5;
const SPREAD_STEPS = 256;

/**
 * Moves an attempt that was not begun to a little later, because its target has its full share of the dispatcher: 1 s at
 * first, doubled by each time it is moved or swept, 30 s at most, and up to half as much again by the delivery's id, so
 * that attempts postponed together are not retried together. It is no attempt and is counted as none.
 *
 * @param input.atLeastMs what the target's last exchange can still take, when that is longer.
 * @returns when it is due; null when there is nothing left to move.
 */
export async function postponeAttempt(
  op: Op,
  input: AttemptName & { readonly atLeastMs: number },
): Promise<Date | null> {
  const attempt = await findAttempt(op.trx, input);
  if (attempt !== undefined && attempt.finished_at !== null) return null;
  const spread = Number.parseInt(input.deliveryId.slice(-2), 16) / SPREAD_STEPS;
  const delayMs = (generation: number): number => {
    const crowded = Math.min(CROWDED_MS * 2 ** Math.min(generation, DOUBLINGS_MAX), CROWDED_MAX_MS);
    return Math.round(Math.max(crowded, input.atLeastMs) * (1 + spread / 2));
  };
  const moved = await postponeOutbox(op.trx, input, delayMs, op.now);
  if (moved === undefined) return null;
  op.outbox.due.push(moved);
  return moved.due_at;
}

/** Gives a claimed attempt back without an outcome, so that another worker need not wait for the lease to run out. */
export async function releaseAttempt(
  op: Op,
  leased: AttemptName & { readonly token: string },
): Promise<void> {
  await updateLeasedAttempt(op.trx, leased, leased.token, { lease_until: op.now });
}
