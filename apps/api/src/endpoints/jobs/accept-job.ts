import { acceptJob as accept } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentNegotiated } from '../../present/job.ts';

export const acceptJob = changing({
  contract: contracts.acceptJob,
  async run(op, { params, body, caller }) {
    const job = await accept(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      criteriaHash: body.acceptance_criteria_hash ?? null,
      round: body.current_round ?? null,
    });
    return presentNegotiated(job, caller.agentId);
  },
});
