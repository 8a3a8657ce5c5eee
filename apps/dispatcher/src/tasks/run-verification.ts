import type { RunClaim } from '@agent-registry/operations';
import {
  claimRun,
  holdRun,
  recordRunError,
  releaseRun,
  runOperation,
  settleVerification,
  withoutTexts,
} from '@agent-registry/operations';
import type { TestRunResponse } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import type { VerificationTask } from '@agent-registry/tasks';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { isSuperseded } from '../is-superseded.ts';
import { isDataRefused, persist } from '../persist.ts';
import { setAlarms } from '../set-alarms.ts';
import { canaryPasses, judgeDelivery } from './call-test-runner.ts';
import { whileHolding } from './while-holding.ts';

type Claimed = Extract<RunClaim, { kind: 'claimed' }>;

/**
 * Has a delivery judged, and settles by the verdict. An outage of the runner gives the run back, costs the delivery nothing
 * and is the queue's to retry; so is a harness that broke, until the delivery is known to be what breaks it.
 */
export async function runVerification(context: DispatcherContext, task: VerificationTask): Promise<Answer> {
  annotate({ job_id: task.job_id, run_id: task.run_id });
  const { run_id: runId, generation } = task;
  if (await isSuperseded(context, { kind: 'verification', subject: runId, generation }))
    return done('superseded');
  const { value: claim, outbox } = await runOperation(context, async (op) => {
    const claimed = await claimRun(op, { runId });
    if (claimed.kind === 'claimed') await holdRun(op, { runId, token: claimed.token });
    return claimed;
  });
  await setAlarms(context, outbox);
  if (claim.kind === 'busy') return again(409, 'leased');
  if (claim.kind !== 'claimed') return done(claim.kind);
  try {
    return await whileHolding(context, { runId, token: claim.token }, () => judge(context, claim));
  } catch (error) {
    await release(context, claim);
    throw error;
  }
}

async function judge(context: DispatcherContext, claim: Claimed): Promise<Answer> {
  const { job, run } = claim;
  const answer = await judgeDelivery(context, job, run);
  if (answer.kind === 'unavailable') {
    await release(context, claim);
    return context.stopping.aborted ? again(500, 'stopping') : again(503, 'no_verdict');
  }
  if (answer.kind === 'refused') {
    annotate({ refused: answer.reason });
    return onError(context, claim);
  }
  if (answer.response.verdict === 'error') return onError(context, claim);
  return settle(context, claim, answer.response);
}

/** A verdict that the database refuses for its data is stored without its texts: it is no outage. */
async function settle(
  context: DispatcherContext,
  claim: Claimed,
  response: TestRunResponse,
): Promise<Answer> {
  const { run, token } = claim;
  annotate({ verdict: response.verdict, isolation: response.isolation.backend });
  const store = (kept: TestRunResponse) =>
    runOperation(context, (op) => settleVerification(op, { runId: run.run_id, token, response: kept }));
  try {
    const { value, outbox } = await persist(
      () => store(response),
      context.lastCall,
      () => store(withoutTexts(response)),
    );
    await setAlarms(context, outbox);
    return value.settled ? done(response.verdict) : again(409, 'lost');
  } catch (error) {
    if (!isDataRefused(error)) throw error;
    context.log.error({ error, run_id: run.run_id }, 'the database refuses this verdict');
    return recordError(context, claim, true);
  }
}

async function onError(context: DispatcherContext, claim: Claimed): Promise<Answer> {
  return recordError(context, claim, await canaryPasses(context, claim.job));
}

async function recordError(
  context: DispatcherContext,
  { run, token }: Claimed,
  canaryPassed: boolean,
): Promise<Answer> {
  annotate({ verdict: 'error', canary_passed: canaryPassed });
  const { value, outbox } = await runOperation(context, (op) =>
    recordRunError(op, { runId: run.run_id, token, canaryPassed }),
  );
  await setAlarms(context, outbox);
  if (value.disputed) return done('disputed');
  return canaryPassed ? again(500, 'error') : again(503, 'no_verdict');
}

/** Gives the run back; if even that fails, its lease runs out by itself. */
async function release(context: DispatcherContext, { run, token }: Claimed): Promise<void> {
  try {
    await runOperation(context, (op) => releaseRun(op, { runId: run.run_id, token }));
  } catch (error) {
    context.log.warn({ error, run_id: run.run_id }, 'the run could not be released');
  }
}
