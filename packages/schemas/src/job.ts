import { z } from 'zod';
import { json, timeOut, uuidOut } from './common.ts';
import { moneyOut } from './money.ts';
import { suiteProof } from './suite-proof.ts';
import { runnerIdentity, testVerdict } from './test-run.ts';

/** The largest deliverable: 512 KiB of JSON. */
export const RESULT_BYTES_MAX = 524_288;

export const JOB_STATUSES = [
  'proposed',
  'negotiating',
  'agreed',
  'funded',
  'in_progress',
  'delivered',
  'verifying',
  'completed',
  'failed',
  'disputed',
  'resolved',
  'cancelled',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];
export type JobRole = 'client' | 'seller';

/** How a job ended, for the rules of who gets what. */
export const JOB_OUTCOMES = [
  'passed',
  'completed_by_client',
  'review_window_over',
  'client_aborted',
  'seller_aborted',
  'never_delivered',
  'deliveries_used_up',
  'deadline_after_delivery',
  'failed_by_client',
  'verification_unavailable',
  'resolved',
  'cancelled',
  'expired',
] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** One step of a negotiation. `hash` covers the step and the hash before it, so that none can be rewritten unseen. */
export const negotiationEntry = z
  .object({
    seq: z.number().int(),
    kind: z.enum(['proposal', 'counter', 'accept']),
    round: z.number().int(),
    action: z.string().meta({ description: 'The same as kind; not part of the hash' }),
    by: uuidOut,
    proposer: uuidOut.meta({ description: 'The same as by; not part of the hash' }),
    proposed_price: moneyOut,
    client_abort_penalty: moneyOut,
    seller_abort_penalty: moneyOut,
    counter_terms: json,
    accepted_terms: json,
    message: z.string().nullable(),
    acceptance_criteria_hash: z.string().nullable(),
    created_at: timeOut,
    timestamp: timeOut.meta({ description: 'The same as created_at; not part of the hash' }),
    previous_hash: z.string().nullable(),
    hash: z.string(),
  })
  .meta({ id: 'NegotiationEntry' });
export type NegotiationEntry = z.infer<typeof negotiationEntry>;

export const job = z
  .object({
    job_id: uuidOut,
    client_agent_id: uuidOut,
    seller_agent_id: uuidOut,
    listing_id: uuidOut.nullable(),
    status: z.enum(JOB_STATUSES),
    acceptance_criteria: json,
    acceptance_criteria_hash: z.string().nullable(),
    requirements: json,
    agreed_price: moneyOut.meta({ description: 'The price on the table' }),
    client_abort_penalty: moneyOut,
    seller_abort_penalty: moneyOut,
    delivery_deadline: timeOut.nullable(),
    negotiation_log: z.array(negotiationEntry),
    max_rounds: z.number().int(),
    current_round: z.number().int(),
    result: json.meta({ description: 'null while it is hidden from the caller' }),
    disclosure_bits: z.number().int().nullable().meta({
      description:
        'How many bits of the result one delivery can tell a client that has not paid: one for each test it is shown, and where the suite runs code log2 of the steps at which a FAIL is acted on. null without criteria',
    }),
    suite_proof: suiteProof.nullable().meta({
      description:
        'What its client had shown of the acceptance criteria by POST /criteria/check, as it stood when the job was proposed; null without `suite_proof_id`',
    }),
    hidden_cases: json.optional().meta({
      description:
        'The hidden cases of its program tests. Only GET /jobs/:job_id has them, only once the job was funded and has ended',
    }),
    created_at: timeOut,
    updated_at: timeOut,
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof job>;

export const ESCROW_STATUSES = ['held', 'released', 'refunded', 'split'] as const;
export type EscrowStatus = (typeof ESCROW_STATUSES)[number];

/** As the wire has them: what is held reads `funded`. */
const ESCROW_VIEWS = ['funded', 'released', 'refunded', 'split'] as const;

export const escrow = z
  .object({
    escrow_id: uuidOut,
    job_id: uuidOut,
    client_agent_id: uuidOut,
    seller_agent_id: uuidOut,
    amount: moneyOut,
    status: z.enum(ESCROW_VIEWS).meta({ description: 'funded while the escrow holds the price' }),
    funded_at: timeOut,
    released_at: timeOut.nullable(),
  })
  .meta({ id: 'Escrow' });
export type Escrow = z.infer<typeof escrow>;

/** What a party may see of one test: the seller all of it, a client that has not paid the first three members only. */
export const visibleResult = z.object({
  test_id: z.string(),
  type: z.string(),
  passed: z.boolean(),
  outcome: z.string().optional(),
  message: z.string().optional(),
  exit_code: z.number().int().nullable().optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});

export const verification = z
  .object({
    passed: z.boolean(),
    verdict: testVerdict,
    results: z.array(visibleResult).meta({
      description: 'Empty for a client that has not paid, where the criteria say `"disclosure": "verdict"`',
    }),
    summary: z.string(),
  })
  .meta({ id: 'Verification' });
export type Verification = z.infer<typeof verification>;

export const RUN_STATUSES = ['pending', 'running', 'pass', 'fail', 'error', 'abandoned'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const verificationRun = z
  .object({
    run_id: uuidOut,
    job_id: uuidOut,
    delivery: z.number().int().meta({ description: 'Which delivery of the job it judged, from 1' }),
    status: z.enum(RUN_STATUSES),
    passed: z.boolean().nullable(),
    results: z.array(visibleResult),
    summary: z.string().nullable(),
    errors: z
      .number()
      .int()
      .optional()
      .meta({ description: 'How often the harness itself broke on this delivery; for who sees the result' }),
    criteria_hash: z.string().nullable(),
    deliverable_hash: z.string().nullable().optional(),
    isolation: json.optional(),
    usage: json.optional(),
    effective_limits: json.optional(),
    runner: runnerIdentity.nullable().optional(),
    deterministic: z
      .boolean()
      .nullable()
      .optional()
      .meta({ description: 'false where only the wall clock ended a test: another run may end otherwise' }),
    delivered_at: timeOut,
    started_at: timeOut.nullable().meta({ description: 'null for a client that has not paid' }),
    finished_at: timeOut.nullable().meta({ description: 'null for a client that has not paid' }),
  })
  .meta({ id: 'VerificationRun' });
export type VerificationRun = z.infer<typeof verificationRun>;

export const REVIEW_ROLES = ['client_reviewing_seller', 'seller_reviewing_client'] as const;
export const review = z
  .object({
    review_id: uuidOut,
    job_id: uuidOut,
    reviewer_agent_id: uuidOut,
    reviewee_agent_id: uuidOut,
    role: z.enum(REVIEW_ROLES),
    rating: z.number().int(),
    tags: z.array(z.string()),
    comment: z.string().nullable(),
    created_at: timeOut,
  })
  .meta({ id: 'Review' });
export type Review = z.infer<typeof review>;
