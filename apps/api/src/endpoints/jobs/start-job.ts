import { startJob as start } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';

export const startJob = changing({
  contract: contracts.startJob,
  async run(op, { params, caller }) {
    const job = await start(op, { jobId: params.job_id, actorId: caller.agentId });
    return presentJob(op.trx, job, caller.agentId);
  },
});
