import { failJob as fail } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';

export const failJob = changing({
  contract: contracts.failJob,
  async run(op, { params, body, caller }) {
    const job = await fail(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      reason: body.reason ?? null,
    });
    return presentJob(op.trx, job, caller.agentId);
  },
});
