import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';
import { partyOf } from './party-of.ts';
import { revealHiddenCases } from './reveal-hidden-cases.ts';

export const getJob = reading({
  contract: contracts.getJob,
  async read(context, { params, caller }) {
    const { job } = await partyOf(context, params.job_id, caller.agentId);
    const view = await presentJob(context.db, job, caller.agentId);
    return { ...view, ...(await revealHiddenCases(context, job)) };
  },
});
