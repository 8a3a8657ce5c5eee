import type { JobRow } from '@agent-registry/db';
import { openHiddenCases } from '@agent-registry/operations';
import { asSent, contracts } from '@agent-registry/schemas';
import { SealError } from '@agent-registry/signing';
import type { ApiContext } from '../../context.ts';
import { reading } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';
import { partyOf } from './party-of.ts';

export const getJob = reading({
  contract: contracts.getJob,
  async read(context, { params, caller }) {
    const { job } = await partyOf(context, params.job_id, caller.agentId);
    const view = await presentJob(context.db, job, caller.agentId);
    const hidden = await revealHiddenCases(context, job);
    return hidden === null ? view : { ...view, hidden_cases: asSent(hidden) };
  },
});

/** Both parties may check the verdicts of a job that has ended. Before, a seller could deliver a table of what it reads. */
async function revealHiddenCases(context: ApiContext, job: JobRow): Promise<string | null> {
  if (job.funded_at === null || job.settled_at === null) return null;
  try {
    return await openHiddenCases(context, job.job_id);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    // The rest of the job can still be told.
    context.log.error({ error, job_id: job.job_id }, 'no accepted key opens the hidden cases of a job');
    return null;
  }
}
