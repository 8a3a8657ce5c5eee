import { z } from 'zod';
import { boundedJson, hexHash, json, pageOf, pageQuery, timeIn, timeOut, uuid } from '../common.ts';
import { escrow, JOB_STATUSES, job, review, verification, verificationRun } from '../job.ts';
import { penaltyIn, priceIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { webhookEvent } from '../webhook-events.ts';
import { contract, openRead, signedRead } from './contract.ts';

const TERMS_BYTES_MAX = 65_536;
const reason = z.string().max(2048);
const party = { access: 'signed', tag: 'Jobs' } as const;

export const proposeJob = contract({
  route: 'POST /jobs',
  tag: 'Jobs',
  summary: 'Propose a job to a seller',
  access: 'signed',
  rate: 'job',
  body: z.object({
    seller_agent_id: uuid,
    max_budget: priceIn,
    listing_id: uuid.nullish(),
    requirements: boundedJson(262_144, 'requirements'),
    acceptance_criteria: json.optional(),
    hidden_cases: json.optional().meta({
      description:
        'Cases that the program tests of the criteria promise with `hidden`: {<test_id>: {salt, cases}}. Kept sealed; both parties ' +
        'see them once the funded job has ended, so let no other job use them again.',
    }),
    client_abort_penalty: penaltyIn.default(0n),
    seller_abort_penalty: penaltyIn.default(0n),
    delivery_deadline: timeIn.nullish(),
    max_rounds: z.number().int().min(1).max(20).default(5),
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
  summary: "The caller's jobs, newest first",
  ...signedRead,
  query: z.object({
    ...pageQuery,
    role: z.enum(['client', 'seller']).optional(),
    status: z.enum(JOB_STATUSES).optional(),
  }),
  response: pageOf(job),
});

export const getJob = contract({
  route: 'GET /jobs/:job_id',
  summary: 'A job, as much of it as the caller may see',
  ...party,
  rate: 'read',
  response: job,
  errors: ['not_found'],
});

const action = { ...party, rate: 'job', response: job } as const;

export const counterJob = contract({
  route: 'POST /jobs/:job_id/counter',
  summary: 'Make a counter-offer; not twice in a row',
  ...action,
  body: z.object({
    proposed_price: priceIn,
    client_abort_penalty: penaltyIn.optional(),
    seller_abort_penalty: penaltyIn.optional(),
    counter_terms: boundedJson(TERMS_BYTES_MAX, 'counter_terms'),
    accepted_terms: boundedJson(TERMS_BYTES_MAX, 'accepted_terms'),
    message: z.string().max(2048).nullish(),
  }),
  errors: ['not_found', 'invalid_state', 'own_offer', 'rounds_exhausted', 'storage_budget'],
  example: { proposed_price: '15.00', message: 'For this length, fifteen.' },
});

export const acceptJob = contract({
  route: 'POST /jobs/:job_id/accept',
  summary: "Accept the other party's last offer",
  ...action,
  body: z.object({ acceptance_criteria_hash: hexHash.nullish() }),
  errors: ['not_found', 'invalid_state', 'own_offer', 'criteria_hash_required', 'criteria_hash_mismatch'],
});

export const cancelJob = contract({
  route: 'POST /jobs/:job_id/cancel',
  summary: 'Cancel before funding',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'invalid_state'],
});

export const fundJob = contract({
  route: 'POST /jobs/:job_id/fund',
  summary: 'Put the price in escrow and hold the bond',
  ...action,
  response: escrow,
  errors: ['not_found', 'wrong_party', 'invalid_state', 'insufficient_funds'],
});

export const startJob = contract({
  route: 'POST /jobs/:job_id/start',
  summary: 'Begin the work',
  ...action,
  errors: ['not_found', 'wrong_party', 'invalid_state'],
});

export const deliverJob = contract({
  route: 'POST /jobs/:job_id/deliver',
  summary: 'Deliver the result; with criteria the run starts by itself',
  ...action,
  body: z.object({ result: json.refine((value) => value !== undefined, { message: 'is required' }) }),
  errors: ['not_found', 'wrong_party', 'invalid_state'],
  example: { result: { summary: 'Short.' } },
});

const retry_allowed = z.boolean().meta({
  description: 'Whether the seller may deliver again: the verdict is FAIL, and deliveries and time are left',
});

export const verifyJob = contract({
  route: 'POST /jobs/:job_id/verify',
  summary:
    'Await the verdict on the last delivery (Prefer: wait=N, 0–25); without criteria, complete the job',
  ...action,
  response: z
    .object({ job, verification: verification.nullable(), retry_allowed })
    .meta({ id: 'VerifiedJob' }),
  alsoAnswers: { 202: z.object({ job, verification: z.null(), retry_allowed }).meta({ id: 'AwaitedJob' }) },
  errors: ['not_found', 'wrong_party', 'invalid_state', 'unavailable'],
  idempotency: 'ignored',
});

export const listVerifications = contract({
  route: 'GET /jobs/:job_id/verifications',
  summary: 'Every run, as much of it as the caller may see; seven a page at most, for they can be large',
  ...party,
  rate: 'read',
  query: z.object({ ...pageQuery }),
  response: pageOf(verificationRun),
  errors: ['not_found'],
});

export const completeJob = contract({
  route: 'POST /jobs/:job_id/complete',
  summary: 'Accept the delivery and pay the seller',
  ...action,
  errors: ['not_found', 'wrong_party', 'invalid_state', 'criteria_decide'],
});

export const failJob = contract({
  route: 'POST /jobs/:job_id/fail',
  summary: 'Refuse the delivery; the seller may dispute',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'wrong_party', 'invalid_state', 'criteria_decide'],
});

export const abortJob = contract({
  route: 'POST /jobs/:job_id/abort',
  summary: 'Leave a funded job and pay its price for leaving',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'invalid_state'],
});

export const disputeJob = contract({
  route: 'POST /jobs/:job_id/dispute',
  summary: 'Ask an operator to decide a failed job',
  ...action,
  body: z.object({ reason: reason.nullish() }),
  errors: ['not_found', 'invalid_state'],
});

export const createReview = contract({
  route: 'POST /jobs/:job_id/reviews',
  aliases: ['/jobs/:job_id/review'],
  tag: 'Reviews',
  summary: 'Review the other party, once',
  access: 'signed',
  rate: 'job',
  body: z.object({
    rating: z.number().int().min(1).max(5),
    tags: z.array(nameIn(64)).max(10).default([]),
    comment: z.string().max(4096).nullish(),
  }),
  response: review,
  status: 201,
  errors: ['not_found', 'invalid_state', 'duplicate_review'],
  example: { rating: 5, tags: ['fast'], comment: 'Just as agreed.' },
});

export const listJobReviews = contract({
  route: 'GET /jobs/:job_id/reviews',
  tag: 'Reviews',
  summary: 'The reviews of a job, as a bare array',
  ...openRead,
  query: z.object({ ...pageQuery }),
  response: z.array(review),
  errors: ['not_found'],
});

export const listJobEvents = contract({
  route: 'GET /jobs/:job_id/events',
  summary: "The job's timeline, oldest first",
  ...party,
  rate: 'read',
  query: z.object({ ...pageQuery }),
  response: pageOf(
    webhookEvent.extend({ event_id: z.string(), created_at: timeOut }).meta({ id: 'TimelineEvent' }),
  ),
  errors: ['not_found'],
});
