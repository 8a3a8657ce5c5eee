import { isDataRefused } from '@agent-registry/db';
import {
  claimRejudgement,
  commit,
  type Op,
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
import { withLease } from './with-lease.ts';

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
  const lease = {
    kind: 'rejudgement',
    id: runId,
    token: claim.token,
    release: (op: Op) => releaseRejudgement(op, leased(claim)),
  } as const;
  return withLease(context, lease, () => takeTurn(context, claim));
}

async function takeTurn(context: DispatcherContext, claim: Claimed): Promise<Answer | null> {
  const answer = await requestVerdict(context, claim);
  if (answer.kind === 'verdict' && answer.response.verdict !== 'error')
    return record(context, claim, answer.response);
  if (answer.kind === 'unavailable' || !(await canaryPasses(context, claim.job))) return null;
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
