import { type DeliveryTarget, type EndpointHealth, lockEndpoint, updateEndpoint } from '@agent-registry/db';
import { endpointIsDead } from '@agent-registry/domain';
import { ENDPOINT_ENABLED } from '../agents/update-agent.ts';
import type { Op } from '../op.ts';
import { type AttemptReport, isSuccess } from './attempt-outcome.ts';

const GONE = 410;

/**
 * Keeps an endpoint's health up to date: a success ends a run of failures, and a ping that succeeds enables a disabled
 * endpoint; 410, or five days of failures only, disables it. An attempt at an endpoint that the agent has replaced since
 * says nothing of the new one, and neither does one that was answered from memory.
 */
export async function noteHealth(
  op: Op,
  target: DeliveryTarget,
  report: AttemptReport,
): Promise<{ disabled: boolean }> {
  const succeeded = isSuccess(report.outcome);
  const isDisabled = target.endpoint_disabled_at !== null;
  const enables = succeeded && isDisabled && target.event_type === 'ping';
  // The usual case, a success at a healthy endpoint, takes no lock on the agent.
  if (succeeded && target.endpoint_failures === 0 && !enables) return { disabled: isDisabled };
  if (report.outcome.kind === 'unanswered' && !report.outcome.sent) return { disabled: isDisabled };
  const health = await lockEndpoint(op.trx, target.agent_id, report.targetUrl);
  if (health === undefined) return { disabled: false };
  const change = enables ? ENDPOINT_ENABLED : succeeded ? recovered(health) : failed(op, health, report);
  await updateEndpoint(op.trx, target.agent_id, change);
  return { disabled: change.endpoint_disabled_at !== null };
}

function recovered(health: EndpointHealth): EndpointHealth {
  return { ...health, endpoint_failing_since: null, endpoint_failures: 0 };
}

function failed(op: Op, health: EndpointHealth, { outcome }: AttemptReport): EndpointHealth {
  const failingSince = health.endpoint_failing_since ?? op.now;
  const failures = health.endpoint_failures + 1;
  const counted = { ...health, endpoint_failing_since: failingSince, endpoint_failures: failures };
  if (health.endpoint_disabled_at !== null) return counted;
  const reason = reasonToDisable(
    outcome.kind === 'answered' ? outcome.status : null,
    endpointIsDead({ failingSince, failures, now: op.now }),
    failures,
    failingSince,
  );
  if (reason === null) return counted;
  return { ...counted, endpoint_disabled_at: op.now, endpoint_disabled_reason: reason };
}

function reasonToDisable(status: number | null, dead: boolean, failures: number, since: Date): string | null {
  if (status === GONE) return 'The endpoint answered 410 Gone.';
  return dead ? `All of ${failures} attempts have failed since ${since.toISOString()}.` : null;
}
