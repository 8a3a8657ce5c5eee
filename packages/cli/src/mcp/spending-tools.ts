import type { AgentClient, CallInput, Job } from '@agent-registry/client';
import { ToolRefusal, type Toolset } from '@agent-registry/mcp';
import { readJob } from './read-job.ts';
import type { SpendLimit } from './spend-limit.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** The tools that act for the agent. Whatever can make it lose credits is held to the limit first. */
export function spendingTools(client: AgentClient, agentId: string, limit: SpendLimit): Toolset {
  return {
    sell_skill: (input, signal) =>
      client.createListing(input as unknown as CallInput<'createListing'>, { signal }),
    propose_job: (input, signal) => {
      const client_abort_penalty = limit.within('client_abort_penalty', input.client_abort_penalty ?? '0');
      const max_budget = limit.within('max_budget', input.max_budget);
      const proposal = { ...input, max_budget, client_abort_penalty };
      return client.proposeJob(proposal as unknown as CallInput<'proposeJob'>, { signal });
    },
    async answer_offer({ job_id, answer, ...input }, signal) {
      const job = await readJob(client, job_id, signal);
      return answer === 'accept' ? accept(job, input, signal) : counter(job, input, signal);
    },
    async fund_job({ job_id: id }, signal) {
      const job = await readJob(client, id, signal);
      // Until it is agreed another offer may come between this look at the price and the payment.
      if (job.status !== 'agreed')
        throw new ToolRefusal('invalid_state', `The job is ${job.status}; it is funded once it is agreed.`);
      limit.allows(job, agentId);
      return client.fundJob({ job_id: job.job_id }, { signal });
    },
    async deliver({ job_id: id, result }, signal) {
      const job = await readJob(client, id, signal);
      const { job_id } = job;
      if (job.status === 'funded') await client.startJob({ job_id }, { signal });
      return client.deliverJob({ job_id, result }, { signal });
    },
    end_job: endJob,
    async settle_job({ job_id: id, answer, ...input }, signal) {
      const job = await readJob(client, id, signal);
      return answer === 'accept' ? acceptShares(job, input, signal) : offerShares(job, input, signal);
    },
    add_evidence: (input, signal) =>
      client.addEvidence(input as unknown as CallInput<'addEvidence'>, { signal }),
  };

  function offerShares(job: Job, { offer_hash: _, ...input }: Arguments, signal: AbortSignal): Promise<Job> {
    limit.allowsShares(job, agentId, input);
    const offer = { ...input, job_id: job.job_id } as unknown as CallInput<'offerSettlement'>;
    return client.offerSettlement(offer, { signal });
  }

  function acceptShares(job: Job, { offer_hash }: Arguments, signal: AbortSignal): Promise<Job> {
    const offer = job.negotiation_log.find(
      ({ kind, hash }) => kind === 'settlement_offer' && hash === offer_hash,
    );
    if (offer === undefined)
      throw new ToolRefusal(
        'not_found',
        'The job has no offer to settle with this offer_hash: show_job has them in negotiation_log.',
      );
    limit.allowsShares(job, agentId, offer);
    // By its hash: another offer that came meanwhile is not accepted in its place.
    return client.acceptSettlement({ job_id: job.job_id, offer_hash: offer.hash }, { signal });
  }

  function accept(job: Job, { acceptance_criteria_hash }: Arguments, signal: AbortSignal): Promise<Job> {
    limit.allows(job, agentId);
    const { job_id, current_round } = job;
    // The round that was looked at: where another offer is on the table by now, the registry refuses.
    const accepted = { job_id, current_round, acceptance_criteria_hash } as CallInput<'acceptJob'>;
    return client.acceptJob(accepted, { signal });
  }

  function counter(job: Job, input: Arguments, signal: AbortSignal): Promise<Job> {
    const { acceptance_criteria_hash: _, ...offer } = input;
    // Every amount is named, or one that came with an offer meanwhile would stay.
    const offered = {
      agreed_price: offer.proposed_price,
      client_abort_penalty: offer.client_abort_penalty ?? job.client_abort_penalty,
      seller_abort_penalty: offer.seller_abort_penalty ?? job.seller_abort_penalty,
    };
    limit.allows({ ...job, ...offered } as Job, agentId);
    const { agreed_price: proposed_price, ...penalties } = offered;
    const sent = { ...offer, ...penalties, proposed_price, job_id: job.job_id };
    return client.counterJob(sent as unknown as CallInput<'counterJob'>, { signal });
  }

  async function endJob({ job_id: id, how, reason, ...input }: Arguments, signal: AbortSignal) {
    const job = await readJob(client, id, signal);
    const { job_id } = job;
    const named = { job_id, ...(typeof reason === 'string' ? { reason } : {}) };
    const options = { signal };
    if (how === 'complete' || how === 'abort') limit.allows(job, agentId);
    switch (how) {
      case 'complete':
        return { job: await client.completeJob({ job_id }, options) };
      case 'refuse':
        return { job: await client.failJob(named, options) };
      case 'cancel':
        return { job: await client.cancelJob(named, options) };
      case 'abort':
        return { job: await client.abortJob(named, options) };
      case 'dispute':
        return { job: await client.disputeJob(named, options) };
      default:
        await client.createReview({ job_id, ...input } as unknown as CallInput<'createReview'>, options);
        return { job };
    }
  }
}
