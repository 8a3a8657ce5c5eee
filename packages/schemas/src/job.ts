import { z } from 'zod';
import { json, timeOut, uuidOut } from './common.ts';
import { evidenceOutline } from './evidence.ts';
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
export const jobStatus = z.enum(JOB_STATUSES).meta({ id: 'JobStatus', description: 'Where a job stands' });
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

/** Who divided what a resolved job held: an operator, its parties, or time, where nobody did. */
export const RESOLVERS = ['operator', 'agreement', 'time'] as const;
export type ResolvedBy = (typeof RESOLVERS)[number];

/** What a step of the log may be. */
export const NEGOTIATION_KINDS = [
  'proposal',
  'counter',
  'accept',
  'settlement_offer',
  'settlement_accept',
  'evidence',
] as const;
export type NegotiationKind = (typeof NEGOTIATION_KINDS)[number];

/** One step of a negotiation. `hash` covers the step and the hash before it, so that none can be rewritten unseen. */
export const negotiationEntry = z
  .object({
    seq: z.number().int().describe('Its place in the log, from 1'),
    kind: z.enum(NEGOTIATION_KINDS).describe('What this step is'),
    round: z.number().int().describe('Which round it belongs to, from 1'),
    action: z.string().meta({ description: 'The same as kind; not part of the hash' }),
    by: uuidOut.describe('Who took the step'),
    proposer: uuidOut.meta({ description: 'The same as by; not part of the hash' }),
    proposed_price: moneyOut.describe('The price on the table'),
    client_abort_penalty: moneyOut.describe('What the client pays for leaving a funded job'),
    seller_abort_penalty: moneyOut.describe(
      'The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time',
    ),
    counter_terms: json.describe('Terms offered, any JSON value'),
    accepted_terms: json.describe('Terms agreed to, any JSON value'),
    message: z.string().nullable().describe('For the other party'),
    acceptance_criteria_hash: z.string().nullable().describe('Of the criteria the step agrees to'),
    delivery_deadline: timeOut
      .optional()
      .meta({ description: 'Of an acceptance: the deadline agreed to, which moves with the funding' }),
    client_share: moneyOut.optional().meta({ description: 'Of a settlement: what the client gets' }),
    seller_share: moneyOut.optional().meta({
      description: 'Of a settlement: what the seller gets, of which the fee is taken',
    }),
    job_status: jobStatus.optional().meta({ description: 'Of a settlement offer: where the job stood' }),
    deliveries: z.number().int().optional().meta({ description: 'Of a settlement offer: deliveries so far' }),
    offer_hash: z
      .string()
      .optional()
      .meta({ description: 'Of a settlement: the hash of the offer accepted' }),
    evidence: evidenceOutline.optional().meta({ description: 'What a party of a dispute shows' }),
    created_at: timeOut.describe('When it happened'),
    timestamp: timeOut.meta({ description: 'The same as created_at; not part of the hash' }),
    previous_hash: z.string().nullable().describe('Hash of the step before; null for the first'),
    hash: z.string().describe('SHA-256 of the step and the hash before it, in hex'),
  })
  .meta({
    id: 'NegotiationEntry',
    description: 'One step of a negotiation, chained to the step before by its hash',
  });
export type NegotiationEntry = z.infer<typeof negotiationEntry>;

export const job = z
  .object({
    job_id: uuidOut.describe('Id of the job'),
    client_agent_id: uuidOut.describe('Who pays'),
    seller_agent_id: uuidOut.describe('Who delivers'),
    listing_id: uuidOut.nullable().describe('The listing it began with'),
    status: jobStatus.describe('Where the job stands'),
    acceptance_criteria: json.describe(
      'The suite that decides, as the client sent it; null where the client decides',
    ),
    acceptance_criteria_hash: z
      .string()
      .nullable()
      .describe('SHA-256 of the criteria in RFC 8785 form, in hex: what the seller accepts'),
    requirements: json.describe('What is to be done, any JSON value'),
    agreed_price: moneyOut.meta({ description: 'The price on the table' }),
    client_abort_penalty: moneyOut.describe('What the client pays for leaving once it is funded'),
    seller_abort_penalty: moneyOut.describe(
      'The seller’s bond: forfeited for leaving, for never delivering, and when no delivery passes the tests in time',
    ),
    delivery_deadline: timeOut
      .nullable()
      .describe('The deadline for deliveries; null until the job is agreed where the proposal named none'),
    negotiation_log: z
      .array(negotiationEntry)
      .describe('Every offer, settlement and piece of evidence, oldest first, chained by hashes'),
    max_rounds: z.number().int().describe('Offers that the negotiation may take'),
    current_round: z.number().int().describe('Offers made so far'),
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
    created_at: timeOut.describe('When it was proposed'),
    updated_at: timeOut.describe('When it last changed'),
  })
  .meta({ id: 'Job', description: 'A job, as much of it as the caller may see' });
export type Job = z.infer<typeof job>;

export const ESCROW_STATUSES = ['held', 'released', 'refunded', 'split'] as const;
export type EscrowStatus = (typeof ESCROW_STATUSES)[number];

/** As the wire has them: what is held reads `funded`. */
const ESCROW_VIEWS = ['funded', 'released', 'refunded', 'split'] as const;

export const escrow = z
  .object({
    escrow_id: uuidOut.describe('Id of the escrow'),
    job_id: uuidOut.describe('The job it is for'),
    client_agent_id: uuidOut.describe('Who pays'),
    seller_agent_id: uuidOut.describe('Who delivers'),
    amount: moneyOut.describe('The agreed price'),
    status: z.enum(ESCROW_VIEWS).meta({
      id: 'EscrowStatus',
      description: 'funded while the escrow holds the price',
    }),
    funded_at: timeOut.describe('When it was put in'),
    released_at: timeOut.nullable().describe('When it was paid out; null while it is held'),
  })
  .meta({ id: 'Escrow', description: 'The price of a job, held in escrow' });
export type Escrow = z.infer<typeof escrow>;

/** What a party may see of one test: the seller all of it, a client that has not paid the first three members only. */
export const visibleResult = z.object({
  test_id: z.string().describe('As in the criteria'),
  type: z.string().describe('Type of the test'),
  passed: z.boolean().describe('Whether the test passed'),
  outcome: z.string().optional().describe('How it ended, such as passed, failed, timeout or memory'),
  message: z.string().optional().describe('Why, in a sentence'),
  exit_code: z
    .number()
    .int()
    .nullable()
    .optional()
    .describe('Of a script; null where none ran or a signal ended it'),
  stdout: z.string().optional().describe('Standard output, cut to 64 KiB'),
  stderr: z.string().optional().describe('Standard error, cut to 64 KiB'),
});

export const verification = z
  .object({
    passed: z.boolean().describe('Whether the work is accepted'),
    verdict: testVerdict.describe('pass or fail; error: the test harness broke'),
    results: z.array(visibleResult).meta({
      description: 'Empty for a client that has not paid, where the criteria say `"disclosure": "verdict"`',
    }),
    summary: z.string().describe('The verdict in a sentence'),
  })
  .meta({ id: 'Verification', description: 'The verdict on a delivery' });
export type Verification = z.infer<typeof verification>;

export const RUN_STATUSES = ['pending', 'running', 'pass', 'fail', 'error', 'abandoned'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const verificationRun = z
  .object({
    run_id: uuidOut.describe('Id of the run'),
    job_id: uuidOut.describe('The job'),
    delivery: z.number().int().meta({ description: 'Which delivery of the job it tested, from 1' }),
    status: z
      .enum(RUN_STATUSES)
      .describe('pass, fail and error are verdicts; abandoned: the job ended without it'),
    passed: z.boolean().nullable().describe('Whether the work is accepted; null without a verdict'),
    results: z.array(visibleResult).describe('One entry per test, as much as the caller may see'),
    summary: z.string().nullable().describe('The verdict in a sentence'),
    errors: z.number().int().optional().meta({
      description: 'How often the test harness broke on this delivery; only where the caller sees the result',
    }),
    criteria_hash: z.string().nullable().describe('Hash of the criteria it ran'),
    deliverable_hash: z
      .string()
      .nullable()
      .optional()
      .describe('SHA-256 of the result in RFC 8785 form, in hex'),
    isolation: json.optional().describe('How the code was isolated'),
    usage: json.optional().describe('Time, processor time and memory of each test'),
    effective_limits: json.optional().describe('Limits given where the suite asked for more'),
    runner: runnerIdentity.nullable().optional().describe('Which test-runner computed the verdict'),
    deterministic: z
      .boolean()
      .nullable()
      .optional()
      .meta({ description: 'false where only the wall clock ended a test: another run may end otherwise' }),
    delivered_at: timeOut.describe('When the work came'),
    started_at: timeOut.nullable().meta({ description: 'null for a client that has not paid' }),
    finished_at: timeOut.nullable().meta({ description: 'null for a client that has not paid' }),
  })
  .meta({ id: 'VerificationRun', description: 'One run of the tests on a delivery' });
export type VerificationRun = z.infer<typeof verificationRun>;

export const REVIEW_ROLES = ['client_reviewing_seller', 'seller_reviewing_client'] as const;
export const reviewRole = z.enum(REVIEW_ROLES).meta({ id: 'ReviewRole', description: 'Who reviews whom' });
export const review = z
  .object({
    review_id: uuidOut.describe('Id of the review'),
    job_id: uuidOut.describe('The job it is about'),
    reviewer_agent_id: uuidOut.describe('Who wrote it'),
    reviewee_agent_id: uuidOut.describe('Whom it is about'),
    role: reviewRole.describe('Who reviews whom'),
    rating: z.number().int().describe('1 to 5'),
    tags: z.array(z.string()).describe('Words of praise or blame'),
    comment: z.string().nullable().describe('The author’s comment'),
    created_at: timeOut.describe('When it was written'),
  })
  .meta({ id: 'Review', description: 'What one party says of the other' });
export type Review = z.infer<typeof review>;
