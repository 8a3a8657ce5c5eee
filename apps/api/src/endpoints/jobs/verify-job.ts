import {
  findJob,
  findRun,
  type JobRow,
  listNegotiationEntries,
  type VerificationRunRow,
} from '@agent-registry/db';
import { nextStatus } from '@agent-registry/domain';
import { commit, completeJob, takesAction, verdictKey } from '@agent-registry/operations';
import { contracts, type Job, RegistryError } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';
import { Answer, handling } from '../../endpoint.ts';
import { readWait } from '../../prefer.ts';
import { presentJob, presentNegotiated } from '../../present/job.ts';
import { presentVerification } from '../../present/verification.ts';
import { awaitOutcome } from '../../until-found.ts';
import { partyOf } from './party-of.ts';

const OVER: readonly VerificationRunRow['status'][] = ['pass', 'fail', 'error', 'abandoned'];

/** Waits for the verdict on the delivery that is the last one now. Changes nothing, except where there are no criteria. */
export const verifyJob = handling({
  contract: contracts.verifyJob,
  async handle(context, request) {
    const { caller, params } = request;
    const { job, role } = await partyOf(context, params.job_id, caller.agentId);
    if (role !== 'client') {
      throw new RegistryError(
        'wrong_party',
        'Only the client may verify this job: the run starts by itself.',
      );
    }
    if (job.acceptance_criteria === null) return completeWithout(context, job, caller.agentId);
    if (job.delivery_count === 0) {
      throw new RegistryError('invalid_state', `A job that is ${job.status} has no delivery to verify.`);
    }
    const wait = readWait(request.header('prefer'));
    const waiting = { agentId: caller.agentId, waitMs: wait.seconds * 1_000, gone: request.gone };
    const run = await awaitOutcome(context, waiting, verdictKey(job.job_id), () => finishedRun(context, job));
    const applied = wait.isAsked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {};
    const [now = job, negotiation] = await Promise.all([
      findJob(context.db, job.job_id),
      listNegotiationEntries(context.db, [job.job_id]),
    ]);
    const view = presentNegotiated({ ...now, negotiation }, caller.agentId);
    if (run === null) {
      const headers = { ...applied, Location: `/v1/jobs/${job.job_id}/verifications` };
      return new Answer({ job: view, verification: null, retry_allowed: false }, { status: 202, headers });
    }
    const verification = presentVerification(now, run, role);
    const retryAllowed =
      !verification.passed && takesAction(now, 'deliver', context.rules, context.clock.now());
    return new Answer({ job: view, verification, retry_allowed: retryAllowed }, { headers: applied });
  },
});

/** The run on the last delivery, once it is over. */
async function finishedRun({ db }: ApiContext, job: JobRow): Promise<VerificationRunRow | null> {
  const run = await findRun(db, job.job_id, job.delivery_count);
  return run !== undefined && OVER.includes(run.status) ? run : null;
}

/** Without criteria the client decides, and asking for a verdict accepts the delivery. Asked again, the answer is the same. */
async function completeWithout(context: ApiContext, job: JobRow, agentId: string) {
  const answer = (view: Job) => ({ job: view, verification: null, retry_allowed: false });
  if (job.outcome === 'completed_by_client') {
    return answer(await presentJob(context.db, job, agentId));
  }
  if (nextStatus(job.status, 'complete') === null) {
    throw new RegistryError('invalid_state', `A job that is ${job.status} has no delivery to verify.`);
  }
  const { value } = await commit(context, async (op) => {
    const completed = await completeJob(op, { jobId: job.job_id, actorId: agentId });
    return answer(presentNegotiated(completed, agentId));
  });
  return value;
}
