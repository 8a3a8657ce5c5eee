import { counterJob as counter } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentNegotiated } from '../../present/job.ts';

export const counterJob = changing({
  contract: contracts.counterJob,
  async run(op, { params, body, textOf, caller }) {
    const job = await counter(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      price: body.proposed_price,
      clientAbortPenalty: body.client_abort_penalty,
      sellerAbortPenalty: body.seller_abort_penalty,
      counterTerms: parsedTerms(textOf('counter_terms')),
      acceptedTerms: parsedTerms(textOf('accepted_terms')),
      message: body.message ?? null,
    });
    return presentNegotiated(job, caller.agentId);
  },
});

/** Terms as JSON has them, where the body's reader hands long numbers on as text. */
function parsedTerms(text: string | null | undefined): unknown {
  return typeof text === 'string' ? JSON.parse(text) : text;
}
