import * as operations from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentNegotiated } from '../../present/job.ts';

/** The steps of one party that say nothing but a reason, if that. */
export const startJob = changing({
  contract: contracts.startJob,
  run: async (op, { params, caller: { agentId: actorId } }) =>
    presentNegotiated(await operations.startJob(op, { jobId: params.job_id, actorId }), actorId),
});

export const completeJob = changing({
  contract: contracts.completeJob,
  run: async (op, { params, caller: { agentId: actorId } }) =>
    presentNegotiated(await operations.completeJob(op, { jobId: params.job_id, actorId }), actorId),
});

export const cancelJob = withReason(contracts.cancelJob, operations.cancelJob);
export const failJob = withReason(contracts.failJob, operations.failJob);
export const abortJob = withReason(contracts.abortJob, operations.abortJob);
export const disputeJob = withReason(contracts.disputeJob, operations.disputeJob);

function withReason(
  contract:
    | typeof contracts.cancelJob
    | typeof contracts.failJob
    | typeof contracts.abortJob
    | typeof contracts.disputeJob,
  operation: typeof operations.cancelJob,
) {
  return changing({
    contract,
    async run(op, { params, body, caller: { agentId: actorId } }) {
      const job = await operation(op, { jobId: params.job_id, actorId, reason: body.reason ?? null });
      return presentNegotiated(job, actorId);
    },
  });
}
