import { proposeJob as propose } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import { Answer, changing } from '../../endpoint.ts';
import { memberText } from '../../member-text.ts';
import { presentJob } from '../../present/job.ts';
import { readCriteria } from './read-criteria.ts';

export const proposeJob = changing({
  contract: contracts.proposeJob,
  async run(op, { body, bodyText, caller }) {
    const job = await propose(op, {
      clientId: caller.agentId,
      sellerId: body.seller_agent_id,
      price: body.max_budget,
      clientAbortPenalty: body.client_abort_penalty,
      sellerAbortPenalty: body.seller_abort_penalty,
      listingId: body.listing_id ?? null,
      requirements: memberText(bodyText, 'requirements') ?? null,
      ...(await readCriteria(op.trx, body, bodyText)),
      deadline: body.delivery_deadline ?? null,
      maxRounds: body.max_rounds,
    });
    annotate({ job_id: job.job_id });
    return new Answer(await presentJob(op.trx, job, caller.agentId), {
      headers: { Location: `/v1/jobs/${job.job_id}` },
    });
  },
});
