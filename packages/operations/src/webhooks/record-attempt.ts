import {
  type AttemptRow,
  type DeliveryTarget,
  deleteOutbox,
  finishDelivered,
  lockDeliveryTarget,
  updateDelivery,
  updateLeasedAttempt,
  updateNextAttemptAt,
} from '@agent-registry/db';
import { nextAttemptAt } from '@agent-registry/domain';
import { parseRetryAfter, storableText } from '@agent-registry/schemas';
import { isUndone, type OperationDeps } from '../commit.ts';
import { defer, type Op } from '../op.ts';
import { schedule } from '../outbox.ts';
import { type AttemptOutcome, type AttemptReport, isSuccess } from './attempt-outcome.ts';
import { outboxNameOf } from './claim-attempt.ts';
import { notedSince, noteHealth } from './endpoint-health.ts';

export type RecordedAttempt =
  | {
      readonly kind: 'recorded';
      readonly delivered: boolean;
      readonly exhausted: boolean;
      readonly endpointDisabled: boolean;
      /** The endpoint's attempt before this one failed too. */
      readonly failedBefore: boolean;
      readonly nextAttemptAt: Date | null;
    }
  /** The lease ran out and another worker took over: its outcome counts. */
  | { readonly kind: 'lost' };

const RESPONSE_CHARS_MAX = 1_024;
const ERROR_CHARS_MAX = 500;

/**
 * Records a success by one statement, where there is nothing else to write: the usual case. Null in every other, and nothing was changed:
 * `recordAttempt` tells them apart.
 */
export async function recordAtOnce(
  { db, clock }: Pick<OperationDeps, 'db' | 'clock'>,
  report: AttemptReport,
): Promise<RecordedAttempt | null> {
  const { outcome } = report;
  if (outcome.kind !== 'answered' || !isSuccess(outcome)) return null;
  const now = clock.now();
  const delivered = {
    ...report,
    durationMs: Math.round(report.durationMs),
    status: outcome.status,
    response: storableText(outcome.response, RESPONSE_CHARS_MAX),
  };
  try {
    if (!(await finishDelivered(db, delivered, { now, notedSince: notedSince(now) }))) return null;
  } catch (error) {
    if (isUndone(error)) return null;
    throw error;
  }
  return {
    kind: 'recorded',
    delivered: true,
    exhausted: false,
    endpointDisabled: false,
    failedBefore: false,
    nextAttemptAt: null,
  };
}

/**
 * Records what came of a claimed attempt, and what follows: the delivery's state, the next attempt's outbox entry, the
 * endpoint's health. All of it, or nothing, is committed.
 */
export async function recordAttempt(op: Op, report: AttemptReport): Promise<RecordedAttempt> {
  const [target, leased] = await Promise.all([
    lockDeliveryTarget(op.trx, report.deliveryId),
    updateLeasedAttempt(op.trx, report, report.token, { ...logOf(report), finished_at: op.now }),
  ]);
  if (target === undefined || leased === undefined) return { kind: 'lost' };
  defer(op, deleteOutbox(op.trx, outboxNameOf(report)));
  const delivered = isSuccess(report.outcome);
  const failedBefore = target.endpoint_url === report.targetUrl && target.endpoint_failures > 0;
  const { ended } = await noteHealth(op, target, report);
  const common = { kind: 'recorded', delivered, endpointDisabled: ended, failedBefore } as const;
  if (target.cycle !== report.cycle || target.status !== 'pending') {
    defer(op, updateDelivery(op.trx, {}, report.deliveryId));
    return { ...common, exhausted: false, nextAttemptAt: null };
  }
  const next = delivered || ended || !target.isReachable ? null : nextOf(op, report);
  const exhausted = !delivered && !ended && report.attempt >= op.rules.webhookMaxAttempts;
  const failed = !delivered && (exhausted || ended);
  const change = {
    status: delivered ? 'delivered' : failed ? 'failed' : 'pending',
    exhausted,
    last_error: delivered ? null : errorOf(report.outcome),
    finished_at: delivered || failed ? op.now : null,
  } as const;
  defer(op, updateDelivery(op.trx, change, report.deliveryId));
  if (next !== null) scheduleNext(op, target, report, next);
  return { ...common, exhausted, nextAttemptAt: next };
}

function logOf({ outcome, durationMs }: AttemptReport): Partial<AttemptRow> {
  const duration_ms = Math.round(durationMs);
  if (outcome.kind === 'unanswered') {
    return { duration_ms, phase: outcome.phase, error: storableText(outcome.error, ERROR_CHARS_MAX) };
  }
  const response = storableText(outcome.response, RESPONSE_CHARS_MAX);
  const failure = isSuccess(outcome) ? {} : { phase: 'response' as const, error: errorOf(outcome) };
  return { duration_ms, status: outcome.status, response, ...failure };
}

function errorOf(outcome: AttemptOutcome): string {
  if (outcome.kind === 'answered') {
    const isRedirect = outcome.status >= 300 && outcome.status < 400;
    return `The endpoint answered ${outcome.status}${isRedirect ? ': redirects are not followed' : ''}.`;
  }
  return storableText(`${outcome.phase}: ${outcome.error}`, ERROR_CHARS_MAX);
}

function nextOf(op: Op, { attempt, outcome }: AttemptReport): Date | null {
  return nextAttemptAt({
    attempt,
    maxAttempts: op.rules.webhookMaxAttempts,
    unitMs: op.rules.webhookDelayUnitMs,
    now: op.now,
    retryAfterMs: outcome.kind === 'answered' ? parseRetryAfter(outcome.retryAfter, op.now) : null,
  });
}

function scheduleNext(op: Op, target: DeliveryTarget, report: AttemptReport, dueAt: Date): void {
  defer(op, updateNextAttemptAt(op.trx, report, dueAt));
  schedule(op, {
    kind: 'webhook',
    subject: target.delivery_id,
    cycle: report.cycle,
    attempt: report.attempt + 1,
    job_id: null,
    due_at: dueAt,
  });
}
