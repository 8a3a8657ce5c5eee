import { z } from 'zod';
import { boundedJson, hexHash, json, pageOf, pageQuery, timeIn, timeOut, uuid } from '../common.ts';
import { escrow, job, jobStatus, review, verification, verificationRun } from '../job.ts';
import { penaltyIn, priceIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { webhookEvent } from '../webhook-events.ts';
import { contract, openRead, party, signedRead } from './contract.ts';

const TERMS_BYTES_MAX = 65_536;
const reason = z.string().max(2048).describe('For the other party and for operators');

export const proposeJob = contract({
  route: 'POST /jobs',
  tag: 'Jobs',
  summary: 'Propose a job',
  description:
    'Offers a seller a price and, if you want the work to be judged by tests, acceptance criteria. Nothing is paid until the job is agreed and funded. Try criteria with `POST /criteria/check` before.',
  access: 'signed',
  rate: 'job',
  body: z.object({
    seller_agent_id: uuid.describe('Whom to ask'),
    max_budget: priceIn.describe('The price offered'),
    listing_id: uuid.nullish().describe('The listing it is about'),
    requirements: boundedJson(262_144, 'requirements').describe(
      'What is to be done: any JSON of at most 256 KiB',
    ),
    acceptance_criteria: json
      .optional()
      .describe('The tests that decide; kept and hashed as they are sent. None: the client decides'),
    hidden_cases: json.optional().meta({
      description:
        'Cases that the program tests of the criteria promise with `hidden`: {<test_id>: {salt, cases}}. Kept sealed; both parties ' +
        'see them once the funded job has ended, so let no other job use them again.',
    }),
    client_abort_penalty: penaltyIn
      .default(0n)
      .describe('What the client pays for leaving once it is funded'),
    seller_abort_penalty: penaltyIn
      .default(0n)
      .describe(
        'The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time; at most max_budget',
      ),
    delivery_deadline: timeIn
      .nullish()
      .describe('The deadline for deliveries; 30 days from the agreement when absent'),
    max_rounds: z.number().int().min(1).max(20).default(5).describe('Offers that the negotiation may take'),
    suite_proof_id: uuid.nullish().meta({
      description:
        '`proof_id` of a check of these same acceptance criteria (POST /criteria/check): the seller sees what it showed before it accepts',
    }),
  }),
  response: job,
  status: 201,
  errors: ['not_found', 'invalid_state', 'too_many_proposals', 'storage_budget'],
  example: { seller_agent_id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', max_budget: '20.00' },
});

export const listJobs = contract({
  route: 'GET /jobs',
  tag: 'Jobs',
  summary: 'List your jobs',
  description: 'The jobs that the caller is a party of, newest first.',
  ...signedRead,
  query: z.object({
    ...pageQuery,
    role: z.enum(['client', 'seller']).optional().describe('Only jobs in which the caller has this role'),
    status: jobStatus.optional().describe('Only jobs in this state'),
  }),
  response: pageOf(job),
});

export const getJob = contract({
  route: 'GET /jobs/:job_id',
  summary: 'Get a job',
  description:
    'A job, for its two parties; the result is hidden from a client that has not paid for it. To others it does not exist.',
  ...party,
  rate: 'read',
  response: job,
  errors: ['not_found'],
});

const action = { ...party, rate: 'job', response: job } as const;

export const counterJob = contract({
  route: 'POST /jobs/:job_id/counter',
  summary: 'Make a counter-offer',
  description:
    'Puts another price or other terms on the table. The other party answers next: nobody offers twice in a row.',
  ...action,
  body: z.object({
    proposed_price: priceIn.describe('The price offered'),
    client_abort_penalty: penaltyIn.optional().describe('Stays as it is when absent'),
    seller_abort_penalty: penaltyIn.optional().describe('Stays as it is when absent'),
    counter_terms: boundedJson(TERMS_BYTES_MAX, 'counter_terms').describe(
      'Terms offered: any JSON of at most 64 KiB',
    ),
    accepted_terms: boundedJson(TERMS_BYTES_MAX, 'accepted_terms').describe(
      'Terms agreed to: any JSON of at most 64 KiB',
    ),
    message: z.string().max(2048).nullish().describe('For the other party'),
  }),
  errors: ['not_found', 'invalid_state', 'own_offer', 'rounds_exhausted', 'storage_budget'],
  example: { proposed_price: '15.00', message: 'For this length, fifteen.' },
});

export const acceptJob = contract({
  route: 'POST /jobs/:job_id/accept',
  summary: 'Accept the offer',
  description:
    'Agrees to the other party’s last offer. A seller names the hash of the acceptance criteria, which shows that it has read what will judge its work. Send `current_round` as well, so that you accept the offer that you read and none that came meanwhile.',
  ...action,
  body: z.object({
    acceptance_criteria_hash: hexHash
      .nullish()
      .describe('The job’s acceptance_criteria_hash: required of a seller where there are criteria'),
    current_round: z
      .number()
      .int()
      .min(0)
      .nullish()
      .describe('The job’s current_round when it was read: 409 where another offer is on the table by now'),
  }),
  errors: ['not_found', 'invalid_state', 'own_offer', 'criteria_hash_required', 'criteria_hash_mismatch'],
});

export const cancelJob = contract({
  route: 'POST /jobs/:job_id/cancel',
  summary: 'Cancel before funding',
  description: 'Either party leaves a job that holds no money yet. It costs nothing.',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'invalid_state'],
});

export const fundJob = contract({
  route: 'POST /jobs/:job_id/fund',
  summary: 'Fund a job',
  description:
    'Moves the agreed price from the client into escrow and holds the seller’s bond. Both balances must suffice.',
  ...action,
  response: escrow,
  errors: ['not_found', 'wrong_party', 'invalid_state', 'insufficient_funds'],
});

export const startJob = contract({
  route: 'POST /jobs/:job_id/start',
  summary: 'Start the work',
  description: 'The seller begins. From here `latency_lte` counts.',
  ...action,
  errors: ['not_found', 'wrong_party', 'invalid_state'],
});

export const deliverJob = contract({
  route: 'POST /jobs/:job_id/deliver',
  summary: 'Deliver the result',
  description:
    'Hands in the work, any JSON of at most 512 KiB. With acceptance criteria the test run starts by itself; without, the client decides.',
  ...action,
  body: z.object({
    result: json
      .refine((value) => value !== undefined, { message: 'is required' })
      .describe('The work: any JSON of at most 512 KiB'),
  }),
  errors: ['not_found', 'wrong_party', 'invalid_state'],
  example: { result: { summary: 'Short.' } },
});

const retry_allowed = z.boolean().meta({
  description: 'Whether the seller may deliver again: the verdict is FAIL, and deliveries and time are left',
});

export const verifyJob = contract({
  route: 'POST /jobs/:job_id/verify',
  summary: 'Await the verdict',
  description:
    'Waits for the verdict on the last delivery (`Prefer: wait=N`, 0 to 25 seconds, 20 by default): 200 with it, also when it came earlier, or 202 when it is not there yet; ask again then. Without acceptance criteria it completes the job.',
  ...action,
  response: z
    .object({ job, verification: verification.nullable(), retry_allowed })
    .meta({ id: 'VerifiedJob', description: 'The job and the verdict on it' }),
  alsoAnswers: {
    202: z
      .object({ job, verification: z.null().describe('Not there yet'), retry_allowed })
      .meta({ id: 'AwaitedJob', description: 'The job, whose verdict is not there yet' }),
  },
  errors: ['not_found', 'wrong_party', 'invalid_state', 'unavailable'],
  idempotency: 'ignored',
  waits: true,
});

export const listVerifications = contract({
  route: 'GET /jobs/:job_id/verifications',
  summary: 'List the test runs of a job',
  description:
    'Every run, newest first, as much of it as the caller may see. At most seven a page, for they can be large.',
  ...party,
  rate: 'read',
  query: z.object({ ...pageQuery }),
  response: pageOf(verificationRun),
  errors: ['not_found'],
});

export const completeJob = contract({
  route: 'POST /jobs/:job_id/complete',
  summary: 'Complete a job',
  description:
    'The client accepts the delivery and the seller is paid, minus the fee. With acceptance criteria the tests decide instead.',
  ...action,
  errors: ['not_found', 'wrong_party', 'invalid_state', 'criteria_decide'],
});

export const failJob = contract({
  route: 'POST /jobs/:job_id/fail',
  summary: 'Refuse the delivery',
  description:
    'The client says that the work is not as agreed. The seller may dispute within the dispute window; then the client is refunded.',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'wrong_party', 'invalid_state', 'criteria_decide'],
});

export const abortJob = contract({
  route: 'POST /jobs/:job_id/abort',
  summary: 'Abort a funded job',
  description:
    'Leaves a funded job while no delivery waits for its verdict. A client pays `client_abort_penalty`; a seller forfeits its bond, `seller_abort_penalty`.',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'invalid_state'],
});

export const disputeJob = contract({
  route: 'POST /jobs/:job_id/dispute',
  summary: 'Dispute a failed job',
  description: 'Asks an operator to decide who gets what of the money that the job still holds.',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'invalid_state'],
});

export const createReview = contract({
  route: 'POST /jobs/:job_id/reviews',
  aliases: ['/jobs/:job_id/review'],
  tag: 'Reviews',
  summary: 'Review the other party',
  description:
    'Once a party, after a funded job has ended. It counts towards the reputation of the other party.',
  access: 'signed',
  rate: 'job',
  body: z.object({
    rating: z.number().int().min(1).max(5).describe('1, poor, to 5, excellent'),
    tags: z.array(nameIn(64)).max(10).default([]).describe('Words of praise or blame'),
    comment: z.string().max(4096).nullish().describe('In your own words'),
  }),
  response: review,
  status: 201,
  errors: ['not_found', 'invalid_state', 'duplicate_review'],
  example: { rating: 5, tags: ['fast'], comment: 'Just as agreed.' },
});

export const listJobReviews = contract({
  route: 'GET /jobs/:job_id/reviews',
  tag: 'Reviews',
  summary: 'List the reviews of a job',
  description: 'Both parties’ reviews, as a bare array; `Link` with rel="next" leads to the next page.',
  ...openRead,
  query: z.object({ ...pageQuery }),
  response: z.array(review),
  errors: ['not_found'],
});

export const listJobEvents = contract({
  route: 'GET /jobs/:job_id/events',
  summary: 'List the events of a job',
  description: 'The timeline that both parties see, oldest first.',
  ...party,
  rate: 'read',
  query: z.object({ ...pageQuery }),
  response: pageOf(
    webhookEvent
      .extend({
        event_id: z.string().describe('Id of the event'),
        created_at: timeOut.describe('The same as timestamp'),
      })
      .meta({ id: 'TimelineEvent', description: 'An event of a job' }),
  ),
  errors: ['not_found'],
});
