import { proposeJob as propose } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { Answer, preparing } from '../../endpoint.ts';
import { presentNegotiated } from '../../present/job.ts';
import { readCriteria } from './read-criteria.ts';

export const proposeJob = preparing({
  contract: contracts.proposeJob,
  prepare: readCriteria,
  async run(op, { body, textOf, caller }, _context, criteria) {
    const job = await propose(op, {
      clientId: caller.agentId,
      sellerId: body.seller_agent_id,
      price: body.max_budget,
      clientAbortPenalty: body.client_abort_penalty,
      sellerAbortPenalty: body.seller_abort_penalty,
      listingId: body.listing_id ?? null,
      requirements: textOf('requirements') ?? null,
      ...criteria(),
      deadline: body.delivery_deadline ?? null,
      maxRounds: body.max_rounds,
      suiteProofId: body.suite_proof_id ?? null,
    });
    annotate({ job_id: job.job_id });
    return new Answer(presentNegotiated(job, caller.agentId), {
      headers: { Location: `/v1/jobs/${job.job_id}` },
    });
  },
});
