import { extendDeadline, resolveDispute } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';

export const extendJobDeadline = changing({
  contract: contracts.operatorExtendDeadline,
  async run(op, { params, body }) {
    const job = await extendDeadline(op, { jobId: params.job_id, deadline: body.delivery_deadline });
    return presentJob(op.trx, job, null);
  },
});

export const resolveJob = changing({
  contract: contracts.operatorResolve,
  async run(op, { params, body }) {
    const job = await resolveDispute(op, {
      jobId: params.job_id,
      clientShare: body.client_share,
      sellerShare: body.seller_share,
      note: body.note,
    });
    return presentJob(op.trx, job, null);
  },
});
