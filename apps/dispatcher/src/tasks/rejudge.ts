import { isDataRefused } from '@agent-registry/db';
import {
  claimRejudgement,
  commit,
  type RejudgementClaim,
  recordRejudgement,
  recordRejudgementError,
  releaseRejudgement,
  withoutTexts,
} from '@agent-registry/operations';
import type { TaskBody, TestRunResponse } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { type Answer, again, done } from '../answer.ts';
import type { DispatcherContext } from '../context.ts';
import { retry } from '../retry.ts';
import { canaryPasses, requestVerdict } from './call-test-runner.ts';
import { withHeartbeat } from './lease-heartbeat.ts';

type Claimed = Extract<RejudgementClaim, { kind: 'claimed' }>;

/**
 * Has the current runner judge a verdict of a recalled one anew. An outage of it says nothing of the verdict and is the queue's to
 * retry.
 */
export async function rejudge(context: DispatcherContext, task: TaskBody<'rejudgement'>): Promise<Answer> {
  const { run_id: runId, cycle, generation } = task;
  annotate({ run_id: runId });
  const { value: claim } = await commit(context, (op) => claimRejudgement(op, { runId, cycle, generation }));
  if (claim.kind === 'busy') return again(409, 'leased');
  if (claim.kind !== 'claimed') return done(claim.kind);
  annotate({ job_id: claim.job.job_id });
  try {
    const lease = { id: runId, token: claim.token };
    return await withHeartbeat(context, 'rejudgement', lease, () => takeTurn(context, claim));
  } catch (error) {
    await release(context, claim);
    throw error;
  }
}

async function takeTurn(context: DispatcherContext, claim: Claimed): Promise<Answer> {
  const answer = await requestVerdict(context, claim);
  if (answer.kind === 'verdict' && answer.response.verdict !== 'error')
    return record(context, claim, answer.response);
  if (answer.kind === 'unavailable' || !(await canaryPasses(context, claim.job))) {
    await release(context, claim);
    return context.stopping.aborted ? again(500, 'stopping') : again(503, 'no_verdict');
  }
  return recordError(context, claim);
}

async function recordError(context: DispatcherContext, claim: Claimed): Promise<Answer> {
  const { value } = await commit(context, (op) => recordRejudgementError(op, leased(claim)));
  return value.isFinal ? done('unavailable') : again(500, 'error');
}

/** A verdict that the database refuses for its data is stored without its texts: it is no outage. */
async function record(
  context: DispatcherContext,
  claim: Claimed,
  response: TestRunResponse,
): Promise<Answer> {
  const store = (kept: TestRunResponse) =>
    commit(context, (op) => recordRejudgement(op, { ...leased(claim), response: kept }));
  try {
    const { value: rejudged } = await retry(
      () => store(response),
      context.exchangeDeadline,
      () => store(withoutTexts(response)),
    );
    annotate({ verdict: response.verdict, rejudged });
    return rejudged === 'lost' ? again(409, 'lost') : done(rejudged);
  } catch (error) {
    if (!isDataRefused(error)) throw error;
    context.log.error({ error, run_id: claim.run.run_id }, 'the database refuses this judgement');
    return recordError(context, claim);
  }
}

const leased = ({ run, token }: Claimed) => ({ runId: run.run_id, token });

/** Gives it back; if even that fails, its lease runs out by itself. */
async function release(context: DispatcherContext, claim: Claimed): Promise<void> {
  try {
    await commit(context, (op) => releaseRejudgement(op, leased(claim)));
  } catch (error) {
    context.log.warn(
      { error, run_id: claim.run.run_id },
      'a verdict to be judged anew could not be released',
    );
  }
}
