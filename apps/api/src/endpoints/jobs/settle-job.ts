import * as operations from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentNegotiated } from '../../present/job.ts';

export const offerSettlement = changing({
  contract: contracts.offerSettlement,
  async run(op, { params, body, caller: { agentId: actorId } }) {
    const job = await operations.offerSettlement(op, {
      jobId: params.job_id,
      actorId,
      clientShare: body.client_share,
      sellerShare: body.seller_share,
      note: body.note ?? null,
    });
    return presentNegotiated(job, actorId);
  },
});

export const acceptSettlement = changing({
  contract: contracts.acceptSettlement,
  async run(op, { params, body, caller: { agentId: actorId } }) {
    const input = { jobId: params.job_id, actorId, offerHash: body.offer_hash };
    return presentNegotiated(await operations.acceptSettlement(op, input), actorId);
  },
});
