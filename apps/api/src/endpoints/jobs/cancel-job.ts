import { cancelJob as cancel } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';

export const cancelJob = changing({
  contract: contracts.cancelJob,
  async run(op, { params, body, caller }) {
    const job = await cancel(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      reason: body.reason ?? null,
    });
    return presentJob(op.trx, job, caller.agentId);
  },
});
