import { fundJob as fund } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentEscrow } from '../../present/job.ts';

export const fundJob = changing({
  contract: contracts.fundJob,
  async run(op, { params, caller }) {
    return presentEscrow(await fund(op, { jobId: params.job_id, actorId: caller.agentId }));
  },
});
