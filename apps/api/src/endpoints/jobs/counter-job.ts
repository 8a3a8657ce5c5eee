import { counterJob as counter } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { memberValue } from '../../member-text.ts';
import { presentNegotiated } from '../../present/job.ts';

export const counterJob = changing({
  contract: contracts.counterJob,
  async run(op, { params, body, bodyText, caller }) {
    const job = await counter(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      price: body.proposed_price,
      clientAbortPenalty: body.client_abort_penalty,
      sellerAbortPenalty: body.seller_abort_penalty,
      counterTerms: memberValue(bodyText, 'counter_terms'),
      acceptedTerms: memberValue(bodyText, 'accepted_terms'),
      message: body.message ?? null,
    });
    return presentNegotiated(job, caller.agentId);
  },
});
