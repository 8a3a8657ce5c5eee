import {
  type AttemptClaim,
  type AttemptOutcome,
  type AttemptReport,
  claimAtOnce,
  claimAttempt,
  commit,
  postponeAttempt,
  type RecordedAttempt,
  recordAtOnce,
  recordAttempt,
  releaseAttempt,
  withoutAnswer,
} from '@agent-registry/operations';
import type { TaskBody } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import type { Acquired, EndpointSlot } from '../endpoint-limiter.ts';
import { count } from '../metrics.ts';
import { retry } from '../retry.ts';
import { DeliveryAborted, outcomeFromMemory, sendWebhook } from './send-webhook.ts';

type Claimed = Extract<AttemptClaim, { kind: 'claimed' }>;
type Recorded = Extract<RecordedAttempt, { kind: 'recorded' }>;

/**
 * One attempt at a delivery, answered by what came of it (`answerFor`). Pings and last attempts are made even while the
 * endpoint's circuit is open: a ping is sent by a person who has repaired something, and a last attempt has no successor.
 */
export async function deliverWebhook(context: DispatcherContext, task: TaskBody<'webhook'>): Promise<Answer> {
  annotate({ delivery_id: task.delivery_id, cycle: task.cycle, attempt: task.attempt, event: task.event });
  if (task.job_id !== null) annotate({ job_id: task.job_id });
  const evenIfOpen = task.event === 'ping' || task.attempt >= context.rules.webhookMaxAttempts;
  const slot = await context.endpoints.acquire(task.target_url, { evenIfOpen });
  if (slot.kind === 'busy') return postpone(context, task, slot.retryAfterMs);
  try {
    return await attemptOnce(context, task, slot);
  } finally {
    // After an outcome the slot was released with it; releasing it once more changes nothing.
    if (slot.kind === 'acquired') slot.release({ kind: 'abandoned' });
  }
}

function nameOf(task: TaskBody<'webhook'>) {
  return { deliveryId: task.delivery_id, cycle: task.cycle, attempt: task.attempt };
}

/**
 * The endpoint has no slot free. Waiting here would occupy one of the queue's slots, and an error would throttle the whole queue:
 * the attempt is postponed under a new task, and this one is done.
 */
async function postpone(
  context: DispatcherContext,
  task: TaskBody<'webhook'>,
  atLeastMs: number,
): Promise<Answer> {
  // A task that is not created is the sweep's: nothing was tried, so nothing is lost.
  const { value: dueAt } = await commit(context, (op) => postponeAttempt(op, { ...nameOf(task), atLeastMs }));
  return dueAt === null ? done('recorded') : done('postponed', { due_at: dueAt.toISOString() });
}

async function attemptOnce(
  context: DispatcherContext,
  task: TaskBody<'webhook'>,
  slot: Exclude<Acquired, { kind: 'busy' }>,
) {
  const { leaseMs } = context.config.webhooks;
  const attempt = { ...nameOf(task), leaseMs, targetUrl: task.target_url };
  if (slot.kind === 'acquired') {
    const claimed = await claimAtOnce(context, attempt);
    if (claimed !== null) return sendAndRecord(context, task, claimed, slot);
  }
  const { value: claim, unscheduled } = await commit(context, (op) =>
    claimAttempt(op, { ...attempt, sends: slot.kind === 'acquired' }),
  );
  switch (claim.kind) {
    case 'gone':
      return done('gone', { reason: claim.reason });
    case 'over_budget':
      return postpone(context, task, claim.until.getTime() - context.clock.now().getTime());
    case 'leased':
      return again(409, 'leased');
    case 'recorded':
      return unscheduled === 0 ? done('recorded') : again(500, 'not_scheduled');
    case 'claimed':
      return slot.kind === 'open'
        ? recordAndAnswer(context, task, claim, { outcome: outcomeFromMemory(slot), durationMs: 0 })
        : sendAndRecord(context, task, claim, slot);
  }
}

async function sendAndRecord(
  context: DispatcherContext,
  task: TaskBody<'webhook'>,
  claim: Claimed,
  slot: EndpointSlot,
): Promise<Answer> {
  try {
    const sent = await sendWebhook(context, task);
    slot.release(
      sent.outcome.kind === 'answered'
        ? { kind: 'answered' }
        : { kind: 'no-answer', memory: `${sent.outcome.phase}: ${sent.outcome.error}` },
      sent.durationMs,
    );
    return await recordAndAnswer(context, task, claim, sent);
  } catch (error) {
    if (!(error instanceof DeliveryAborted)) throw error;
    await commit(context, (op) => releaseAttempt(op, { ...nameOf(task), token: claim.token }));
    return again(500, error.message);
  }
}

async function recordAndAnswer(
  context: DispatcherContext,
  task: TaskBody<'webhook'>,
  claim: Claimed,
  sent: { outcome: AttemptOutcome; durationMs: number },
): Promise<Answer> {
  const report = { ...nameOf(task), token: claim.token, targetUrl: task.target_url, ...sent };
  const record = async (kept: AttemptReport) => {
    const atOnce = await recordAtOnce(context, kept);
    if (atOnce !== null) return { value: atOnce, unscheduled: 0 };
    return commit(context, (op) => recordAttempt(op, kept));
  };
  const { value: recorded, unscheduled } = await retry(
    () => record(report),
    context.exchangeDeadline,
    () => record(withoutAnswer(report)),
  );
  if (recorded.kind === 'lost') return again(409, 'lost');
  annotateOutcome(sent, recorded);
  count(context, 'registry.webhook.attempts', { result: recorded.delivered ? 'delivered' : 'failed' });
  if (unscheduled > 0) return again(500, 'not_scheduled');
  return answerFor(sent.outcome, recorded, context.endpoints.stateOf(task.target_url) !== 'closed');
}

function annotateOutcome(sent: { outcome: AttemptOutcome; durationMs: number }, recorded: Recorded): void {
  const { outcome, durationMs } = sent;
  annotate({
    attempt_ms: Math.round(durationMs),
    delivered: recorded.delivered,
    ...(outcome.kind === 'answered'
      ? { endpoint_status: outcome.status }
      : { phase: outcome.phase, attempt_error: outcome.error, sent: outcome.sent }),
    ...(recorded.nextAttemptAt === null ? {} : { next_attempt_at: recorded.nextAttemptAt.toISOString() }),
    ...(recorded.exhausted ? { exhausted: true } : {}),
    ...(recorded.endpointDisabled ? { endpoint_disabled: true } : {}),
  });
}

/** Maps the outcome to the status that Cloud Tasks sees: an error only where a first exchange got no answer, since many throttle the queue. */
function answerFor(outcome: AttemptOutcome, recorded: Recorded, isBreakerOpen: boolean): Answer {
  if (recorded.delivered) return done('delivered');
  const details = { next_attempt_at: recorded.nextAttemptAt?.toISOString() ?? null };
  const inTrouble = recorded.failedBefore || isBreakerOpen;
  if (outcome.kind === 'answered' || !outcome.sent || inTrouble) return done('failed', details);
  return again(outcome.phase === 'timeout' ? 504 : 502, outcome.phase);
}
