import { z } from 'zod';
import { agent, balance, transaction } from './agent.ts';
import { timeOut, uuidOut } from './common.ts';
import { evidence } from './evidence.ts';
import {
  escrow,
  JOB_OUTCOMES,
  JOB_STATUSES,
  job,
  jobStatus,
  RESOLVERS,
  review,
  verificationRun,
} from './job.ts';
import { moneyOut } from './money.ts';
import { deliveryStatus, eventType, webhookEvent } from './webhook-events.ts';

/** The longest series that one answer has: a year of days, or as many hours. */
export const STATS_POINTS_MAX = 400;

const count = z.number().int();
/** Each state by its name: a schema that generators know, where a record of an enum is a map to them. */
const jobCounts = Object.fromEntries(
  JOB_STATUSES.map((status) => [status, z.int().describe(`Its jobs that are ${status}`)]),
) as Record<(typeof JOB_STATUSES)[number], z.ZodInt>;

export const operatorAgent = agent
  .extend({
    balance: moneyOut.describe('What it has at hand'),
    suspension_reason: z.string().nullable().describe('What it was told of its suspension'),
  })
  .meta({ id: 'OperatorAgent', description: 'An agent, as operators see it in a list' });

/** A job without its documents. */
export const jobOutline = job
  .pick({
    job_id: true,
    client_agent_id: true,
    seller_agent_id: true,
    listing_id: true,
    status: true,
    agreed_price: true,
    seller_abort_penalty: true,
    delivery_deadline: true,
    created_at: true,
    updated_at: true,
  })
  .extend({
    outcome: z.enum(JOB_OUTCOMES).nullable().describe('How it ended, or ends if nobody disputes it'),
  })
  .meta({ id: 'JobOutline', description: 'A job without its documents' });
export type JobOutline = z.infer<typeof jobOutline>;

export const deliveryOutline = z
  .object({
    delivery_id: uuidOut.describe('Id of the delivery'),
    event_type: eventType.describe('What happened'),
    status: deliveryStatus.describe('Where it stands'),
    exhausted: z.boolean().describe('Whether all attempts were used up'),
    attempts: count.describe('Attempts so far'),
    last_error: z.string().nullable().describe('Of the last attempt that failed'),
    created_at: timeOut.describe('When the event happened'),
  })
  .meta({ id: 'DeliveryOutline', description: 'A delivery without its body and its attempts' });

const limit = z
  .object({
    name: z.string().describe('What is limited'),
    used: count.describe('How much of it is used, in bytes or in pieces'),
    limit: count.describe('How much there may be'),
  })
  .meta({ id: 'UsedLimit', description: 'A limit of an agent and how much of it is used' });

export const operatorAgentView = z
  .object({
    agent: operatorAgent.describe('Its profile, with the state of its endpoint'),
    balance: balance.describe('What it has at hand, and what its jobs hold of it'),
    jobs: z
      .object(jobCounts)
      .meta({ description: 'How many jobs it is a party of, by state; each counted to 1,000' }),
    recent_jobs: z.array(jobOutline).describe('Its newest 20 jobs'),
    statement: z.array(transaction).describe('The newest 20 lines of its statement'),
    deliveries: z.array(deliveryOutline).describe('Its newest 20 deliveries'),
    keys: z
      .object({
        public_key: z.string().describe('The key in force'),
        proven_at: timeOut.nullable().describe('When it first showed that it holds its key'),
        pending_public_key: z.string().nullable().describe('The key that an operator named'),
        pending_key_at: timeOut.nullable().describe('When that one comes into force'),
      })
      .describe('Its keys'),
    limits: z.array(limit).describe('What it has used of what it may'),
  })
  .meta({ id: 'OperatorAgentView', description: 'All that operators see of an agent' });

export const operatorJobView = z
  .object({
    job: job.describe('The job with its result'),
    outcome: z.enum(JOB_OUTCOMES).nullable().describe('How it ended, or ends if nobody disputes it'),
    outcome_reason: z.string().nullable().describe('Why, in words'),
    resolved_by: z.enum(RESOLVERS).nullable().describe('Who divided what it held, where it is resolved'),
    escrow: escrow.nullable().describe('What it holds of its client; null before it is funded'),
    held: moneyOut.describe('Price and bond that it holds now'),
    fee_percent: z.string().nullable().describe('The fee rate agreed, such as "0.025"'),
    client_share: moneyOut.nullable().describe('What the client got in the end'),
    seller_share: moneyOut.nullable().describe('What the seller got in the end'),
    runs: z.array(verificationRun).describe('Every test run in full, oldest first'),
    evidence: z.array(evidence).describe('What both parties have shown, oldest first'),
    events: z.array(webhookEvent).describe('Its timeline, oldest first, 200 at most'),
    reviews: z.array(review).describe('What the parties said of each other'),
  })
  .meta({ id: 'OperatorJobView', description: 'All that operators see of a job' });

export const heldEscrow = escrow
  .extend({
    bond: moneyOut.describe('What is held of the seller beside it'),
    job_status: jobStatus.describe('Where the job stands'),
    delivery_deadline: timeOut.nullable().describe('The deadline for deliveries'),
  })
  .meta({ id: 'HeldEscrow', description: 'What a job holds of both parties' });

/** What is counted of a period. */
const flows = {
  agents_registered: count.describe('Agents that registered'),
  jobs: z.record(z.string(), count).meta({
    description: 'Events of jobs by their name without `job.`, such as proposed, funded, completed',
  }),
  verdicts: z
    .record(z.string(), count)
    .meta({ description: 'Test runs that ended: pass, fail, error, abandoned' }),
  verdict_seconds: count.meta({ description: 'From delivery to verdict, added up over those runs' }),
  deliveries: z
    .record(z.string(), count)
    .meta({ description: 'Webhook deliveries of events of the period: delivered, failed, pending' }),
  reviews: count.describe('Reviews written'),
  funded: moneyOut.describe('Prices put into escrow'),
  paid: moneyOut.describe('Paid to agents out of escrow'),
  fees: moneyOut.describe('Fees taken'),
  deposits: moneyOut.describe('Credits deposited'),
  withdrawals: moneyOut.describe('Credits withdrawn'),
};

/** Gauges: their values when the period was last sampled. */
const levels = z
  .object({
    open_jobs: z.record(z.string(), count).meta({ description: 'Jobs that have not ended, by state' }),
    escrow_held: moneyOut.describe('Prices held'),
    bonds_held: moneyOut.describe('Bonds held'),
    outbox_depth: count.describe('Entries of the outbox that are due'),
    outbox_age_seconds: count.describe('How long the oldest of them has been due'),
  })
  .meta({ id: 'MarketLevels', description: 'How the market stood at a moment' });

export const marketFigures = z
  .object({
    starts_at: timeOut.describe('Start of the hour or day, UTC'),
    ...flows,
    levels: levels.nullable().describe('As they were at its end, or last; null where none was sampled'),
  })
  .meta({ id: 'MarketFigures', description: 'The market in an hour or a day' });

export const ledgerAudit = z
  .object({
    as_of: timeOut.describe(
      'Everything that was posted before this moment is counted: now, or, while much is being posted, a minute or two ago',
    ),
    balanced: z.boolean().describe('Whether nothing is known to be wrong'),
    faults: z
      .array(
        z.object({
          rule: z.string().describe('What should hold'),
          subject: z.string().describe('Where it does not'),
          detail: z.string().describe('By how much'),
        }),
      )
      .describe(
        'What is wrong with the sums, with a transfer or with a balance that it moved; about 1,000 at most',
      ),
    accounts: count.describe('Accounts'),
    transfers: count.describe('Transfers'),
    postings: count.describe('Postings'),
    agents: moneyOut.describe('What agents have at hand'),
    held: moneyOut.describe('What jobs hold'),
    fees: moneyOut.describe('Fees collected and not taken out'),
    minted: moneyOut.describe('Credits paid in and not out'),
  })
  .meta({ id: 'LedgerAudit', description: 'What the ledger adds up to' });
