import { isDataRefused } from '@agent-registry/db';
import {
  claimRun,
  commit,
  type Op,
  type RunClaim,
  recordRunError,
  releaseRun,
  settleVerification,
  withoutTexts,
} from '@agent-registry/operations';
import type { TaskBody, TestRunResponse } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { count } from '../metrics.ts';
import { retry } from '../retry.ts';
import { canaryPasses, requestVerdict } from './call-test-runner.ts';
import { withLease } from './with-lease.ts';

type Claimed = Extract<RunClaim, { kind: 'claimed' }>;

/**
 * Requests the verdict on the delivery whose turn it is, the task's own or another, and settles by it. On an outage of the runner
 * the run is released, which costs the delivery nothing, and the queue retries; likewise when the harness broke, until the
 * delivery is known to be what breaks it.
 */
export async function runVerification(
  context: DispatcherContext,
  task: TaskBody<'verification'>,
): Promise<Answer> {
  annotate({ job_id: task.job_id, run_id: task.run_id });
  const { run_id: runId, generation } = task;
  const { value: claim } = await commit(context, (op) => claimRun(op, { runId, generation }));
  if (claim.kind === 'busy') return again(409, 'leased');
  if (claim.kind !== 'claimed') return done(claim.kind);
  annotate({ job_id: claim.job.job_id, run_id: claim.run.run_id });
  const leased = { runId: claim.run.run_id, token: claim.token, isRetried: claim.isRetried };
  const lease = {
    kind: 'verification',
    id: leased.runId,
    token: leased.token,
    release: (op: Op) => releaseRun(op, leased),
  } as const;
  const answer = await withLease(context, lease, () => requestAndSettle(context, claim));
  return claim.isRetried ? answer : done(answer.outcome);
}

async function requestAndSettle(context: DispatcherContext, turn: Claimed): Promise<Answer | null> {
  const answer = await requestVerdict(context, turn);
  if (answer.kind === 'unavailable') return null;
  if (answer.kind === 'refused') {
    annotate({ refused: answer.reason });
    return onError(context, turn);
  }
  if (answer.response.verdict === 'error') return onError(context, turn);
  return settle(context, turn, answer.response);
}

/** A verdict that the database refuses for its data is stored without its texts: it is no outage. */
async function settle(context: DispatcherContext, turn: Claimed, response: TestRunResponse): Promise<Answer> {
  const { run, token } = turn;
  annotate({ verdict: response.verdict, isolation: response.isolation.backend });
  const store = (kept: TestRunResponse) =>
    commit(context, (op) => settleVerification(op, { runId: run.run_id, token, response: kept }));
  try {
    const { value } = await retry(
      () => store(response),
      context.exchangeDeadline,
      () => store(withoutTexts(response)),
    );
    if (!value.settled) return again(409, 'lost');
    count(context, 'registry.verdicts', { outcome: response.verdict });
    return done(response.verdict);
  } catch (error) {
    if (!isDataRefused(error)) throw error;
    context.log.error({ error, run_id: run.run_id }, 'the database refuses this verdict');
    return recordError(context, turn, true);
  }
}

async function onError(context: DispatcherContext, turn: Claimed): Promise<Answer> {
  return recordError(context, turn, await canaryPasses(context, turn.job));
}

async function recordError(
  context: DispatcherContext,
  { run, token, isRetried }: Claimed,
  canaryPassed: boolean,
): Promise<Answer> {
  annotate({ verdict: 'error', canary_passed: canaryPassed });
  count(context, 'registry.verdicts', { outcome: 'error' });
  const { value } = await commit(context, (op) =>
    recordRunError(op, { runId: run.run_id, token, isRetried, canaryPassed }),
  );
  if (value.disputed) return done('disputed');
  return canaryPassed ? again(500, 'error') : again(503, 'no_verdict');
}
