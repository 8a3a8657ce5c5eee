import { type DeliveryTarget, type EndpointHealth, lockEndpoint, updateEndpoint } from '@agent-registry/db';
import { endpointIsDead } from '@agent-registry/domain';
import { ENDPOINT_ENABLED } from '../agents/update-agent.ts';
import type { Op } from '../op.ts';
import { type AttemptOutcome, type AttemptReport, isSuccess } from './attempt-outcome.ts';

const GONE = 410;
const ANSWER_NOTED_EVERY_MS = 60_000;

/**
 * Keeps an endpoint's health up to date: a success verifies it, is noted once a minute and ends a run of failures, and a ping that succeeds enables a disabled
 * endpoint; 410, or five days of failures only, disables it. An attempt at an endpoint that the agent has replaced since
 * says nothing of the new one, and neither does one that was answered from memory.
 *
 * @returns `ended` when nothing more is sent to the endpoint: it was disabled.
 */
export async function noteHealth(
  op: Op,
  target: DeliveryTarget,
  report: AttemptReport,
): Promise<{ ended: boolean }> {
  const { outcome } = report;
  const succeeded = isSuccess(outcome);
  const enables = succeeded && target.endpoint_disabled_at !== null && target.event_type === 'ping';
  // The usual case, a success at a healthy endpoint, takes no lock on the agent but once a minute.
  const isVerified = target.endpoint_verified_url === report.targetUrl;
  const isNoted = isVerified && target.endpoint_failures === 0 && answeredRecently(op, target);
  if (succeeded && isNoted && !enables) return { ended: false };
  if (outcome.kind === 'unanswered' && !outcome.sent) return { ended: false };
  const health = await lockEndpoint(op.trx, target.agent_id, report.targetUrl);
  if (health === undefined) return { ended: false };
  const answered = { ...health, endpoint_verified_url: report.targetUrl, endpoint_answered_at: op.now };
  const change = enables
    ? { ...answered, ...ENDPOINT_ENABLED }
    : succeeded
      ? recovered(answered)
      : failed(op, health, outcome);
  await updateEndpoint(op.trx, target.agent_id, change);
  const disabledNow = change.endpoint_disabled_at !== null && health.endpoint_disabled_at === null;
  return { ended: disabledNow || isGone(outcome) };
}

function answeredRecently(op: Op, { endpoint_answered_at: at }: DeliveryTarget): boolean {
  return at !== null && at > notedSince(op.now);
}

/** An answer that was noted later than this is not noted again. */
export function notedSince(now: Date): Date {
  return new Date(now.getTime() - ANSWER_NOTED_EVERY_MS);
}

function isGone(outcome: AttemptOutcome): boolean {
  return outcome.kind === 'answered' && outcome.status === GONE;
}

function recovered(health: EndpointHealth): EndpointHealth {
  return { ...health, endpoint_failing_since: null, endpoint_failures: 0 };
}

function failed(op: Op, health: EndpointHealth, outcome: AttemptOutcome): EndpointHealth {
  const failingSince = health.endpoint_failing_since ?? op.now;
  const failures = health.endpoint_failures + 1;
  const counted = { ...health, endpoint_failing_since: failingSince, endpoint_failures: failures };
  if (health.endpoint_disabled_at !== null) return counted;
  const disable = (reason: string): EndpointHealth => ({
    ...counted,
    endpoint_disabled_at: op.now,
    endpoint_disabled_reason: reason,
  });
  if (isGone(outcome)) return disable('The endpoint answered 410 Gone.');
  if (!endpointIsDead({ failingSince, failures, now: op.now })) return counted;
  return disable(`All ${failures} attempts since ${failingSince.toISOString()} have failed.`);
}
