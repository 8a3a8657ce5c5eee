import { completeJob as complete } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';

export const completeJob = changing({
  contract: contracts.completeJob,
  async run(op, { params, caller }) {
    const job = await complete(op, { jobId: params.job_id, actorId: caller.agentId });
    return presentJob(op.trx, job, caller.agentId);
  },
});
