import {
  type AttemptClaim,
  type AttemptOutcome,
  type AttemptReport,
  claimAttempt,
  commit,
  postponeAttempt,
  type RecordedAttempt,
  recordAttempt,
  releaseAttempt,
  withoutAnswer,
} from '@agent-registry/operations';
import type { TaskBody } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { persist } from '../persist.ts';
import type { Admission, Turn } from '../turnstile.ts';
import { LetGo, outcomeFromMemory, sendWebhook } from './send-webhook.ts';

type Claimed = Extract<AttemptClaim, { kind: 'claimed' }>;
type Recorded = Extract<RecordedAttempt, { kind: 'recorded' }>;

/**
 * One attempt at a delivery, answered by what came of it (`answerFor`). Pings and last attempts are made even while the
 * target's breaker is open: the one is asked for by a person who mended something, the other has no successor.
 */
export async function deliverWebhook(context: DispatcherContext, task: TaskBody<'webhook'>): Promise<Answer> {
  annotate({ delivery_id: task.delivery_id, cycle: task.cycle, attempt: task.attempt, event: task.event });
  if (task.job_id !== null) annotate({ job_id: task.job_id });
  const evenIfOpen = task.event === 'ping' || task.attempt >= context.rules.webhookMaxAttempts;
  const turn = await context.turnstile.enter(task.target_url, { evenIfOpen });
  if (turn.kind === 'busy') return comeBackLater(context, task, turn.comeBackMs);
  try {
    return await attemptOnce(context, task, turn);
  } finally {
    // What had an outcome has left with it; leaving once more changes nothing.
    if (turn.kind === 'admitted') turn.leave({ kind: 'abandoned' });
  }
}

function nameOf(task: TaskBody<'webhook'>) {
  return { deliveryId: task.delivery_id, cycle: task.cycle, attempt: task.attempt };
}

/**
 * The target has its share of this dispatcher. Waiting here would hold a place in the queue that others need, and an error
 * would slow the whole queue: the attempt moves to a little later under a new task, and this one is done.
 */
async function comeBackLater(
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
  turn: Exclude<Turn, { kind: 'busy' }>,
) {
  const { leaseMs } = context.config.webhooks;
  const { value: claim, unscheduled } = await commit(context, (op) =>
    claimAttempt(op, { ...nameOf(task), leaseMs, sends: turn.kind === 'admitted' }),
  );
  switch (claim.kind) {
    case 'gone':
      return done('gone', { reason: claim.reason });
    case 'over_budget':
      return comeBackLater(context, task, claim.until.getTime() - context.clock.now().getTime());
    case 'leased':
      return again(409, 'leased');
    case 'recorded':
      return unscheduled === 0 ? done('recorded') : again(500, 'not_scheduled');
    case 'claimed':
      return turn.kind === 'open'
        ? recordAndAnswer(context, task, claim, { outcome: outcomeFromMemory(turn), durationMs: 0 })
        : sendAndRecord(context, task, claim, turn);
  }
}

async function sendAndRecord(
  context: DispatcherContext,
  task: TaskBody<'webhook'>,
  claim: Claimed,
  turn: Admission,
): Promise<Answer> {
  try {
    const sent = await sendWebhook(context, task);
    turn.leave(
      sent.outcome.kind === 'answered'
        ? { kind: 'answered' }
        : { kind: 'no-answer', memory: `${sent.outcome.phase}: ${sent.outcome.error}` },
      sent.durationMs,
    );
    return await recordAndAnswer(context, task, claim, sent);
  } catch (error) {
    if (!(error instanceof LetGo)) throw error;
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
  const record = (kept: AttemptReport) => commit(context, (op) => recordAttempt(op, kept));
  const { value: recorded, unscheduled } = await persist(
    () => record(report),
    context.lastCall,
    () => record(withoutAnswer(report)),
  );
  if (recorded.kind === 'lost') return again(409, 'lost');
  annotateOutcome(sent, recorded);
  if (unscheduled > 0) return again(500, 'not_scheduled');
  return answerFor(sent.outcome, recorded, context.turnstile.stateOf(task.target_url) !== 'closed');
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

/** The right-hand column of the table. */
function answerFor(outcome: AttemptOutcome, recorded: Recorded, isBreakerOpen: boolean): Answer {
  if (recorded.delivered) return done('delivered');
  const details = { next_attempt_at: recorded.nextAttemptAt?.toISOString() ?? null };
  const inTrouble = recorded.failedBefore || isBreakerOpen;
  if (outcome.kind === 'answered' || !outcome.sent || inTrouble) return done('failed', details);
  return again(outcome.phase === 'timeout' ? 504 : 502, outcome.phase);
}
