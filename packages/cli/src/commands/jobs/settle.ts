import { type Command, defineCommand } from '../../define-command.ts';
import { given, required, text } from '../../flags.ts';
import { whatSettlingMoves } from '../../money.ts';
import { done, status } from '../../show-values.ts';
import { UsageError } from '../../usage-error.ts';
import { yes } from './yes.ts';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

const settle = defineCommand({
  usage: 'settle <job_id>',
  summary: 'Offer the other party how to divide what a job holds',
  example: `jobs settle ${ID} --client-share 8.00 --seller-share 12.00 --note "Half of it is of use"`,
  flags: {
    client_share: required('<credits>', 'what the client gets'),
    seller_share: required('<credits>', 'what the seller gets, of which the fee is taken'),
    note: text('<text>', 'for the other party'),
    yes,
  },
  async run(at, { yes: agreed, ...input }) {
    const [job, fees] = await Promise.all([at.client.getJob({ job_id: input.job_id }), at.client.getFees()]);
    await at.confirm(agreed, whatSettlingMoves('If the other party accepts:', job, input, fees.display));
    return at.client.offerSettlement(given(input));
  },
  show: (job) => done('Offered', { job: job.job_id, 'offer hash': job.negotiation_log.at(-1)?.hash ?? '' }),
});

const acceptSettlement = defineCommand({
  usage: 'settle-accept <job_id>',
  summary: 'Accept the other party’s newest offer to settle, as it is shown; both are paid at once',
  example: `jobs settle-accept ${ID}`,
  flags: { yes },
  async run(at, { job_id, yes: agreed }) {
    const [job, fees] = await Promise.all([at.client.getJob({ job_id }), at.client.getFees()]);
    const offer = job.negotiation_log.findLast(({ kind }) => kind === 'settlement_offer');
    if (offer === undefined) throw new UsageError('Nobody has offered to settle this job.');
    const { client_share = '', seller_share = '', hash } = offer;
    const shares = { client_share, seller_share };
    await at.confirm(agreed, whatSettlingMoves('The job is settled, for good:', job, shares, fees.display));
    return at.client.acceptSettlement({ job_id, offer_hash: hash });
  },
  show: (job) => done('Settled', { job: job.job_id, status: status(job.status) }),
});

export const settleCommands: readonly Command[] = [settle, acceptSettlement];
