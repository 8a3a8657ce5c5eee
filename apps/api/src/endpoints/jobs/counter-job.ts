import { counterJob as counter } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentJob } from '../../present/job.ts';

export const counterJob = changing({
  contract: contracts.counterJob,
  async run(op, { params, body, caller }) {
    const job = await counter(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      price: body.proposed_price,
      clientAbortPenalty: body.client_abort_penalty,
      sellerAbortPenalty: body.seller_abort_penalty,
      counterTerms: body.counter_terms,
      acceptedTerms: body.accepted_terms,
      message: body.message ?? null,
    });
    return presentJob(op.trx, job, caller.agentId);
  },
});
