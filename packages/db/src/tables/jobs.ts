import type {
  EscrowStatus,
  FeeRule,
  JobOutcome,
  JobStatus,
  ResolvedBy,
  RunStatus,
  SuiteProof,
  TestResult,
} from '@agent-registry/schemas';
import type { Generated, Insertable, Selectable, Updateable } from 'kysely';
import type { JsonB, JsonText } from './columns.ts';

export interface JobsTable {
  job_id: string;
  client_agent_id: string;
  seller_agent_id: string;
  listing_id: string | null;
  status: JobStatus;
  requirements: JsonText | null;
  acceptance_criteria: JsonText | null;
  acceptance_criteria_hash: string | null;
  acceptance_criteria_legacy_hash: string | null;
  price: bigint;
  client_abort_penalty: bigint;
  seller_abort_penalty: bigint;
  fee_rate_ppm: number | null;
  fee_rule: Generated<FeeRule>;
  max_rounds: number;
  current_round: number;
  last_offer_by: string;
  last_offer_at: Date;
  delivery_deadline: Date | null;
  deadline_warned_for: Date | null;
  result: JsonText | null;
  delivery_count: Generated<number>;
  outcome: JobOutcome | null;
  outcome_reason: string | null;
  /** Who divided what a `resolved` job held; null in older rows. */
  resolved_by: Generated<ResolvedBy | null>;
  /** Bytes of result, requirements and criteria; null in older rows. */
  documents_bytes: Generated<number | null>;
  escrow_id: string | null;
  escrow_status: EscrowStatus | null;
  client_share: bigint | null;
  seller_share: bigint | null;
  created_at: Date;
  updated_at: Date;
  agreed_at: Date | null;
  funded_at: Date | null;
  started_at: Date | null;
  delivered_at: Date | null;
  failed_at: Date | null;
  disputed_at: Date | null;
  settled_at: Date | null;
  /** The step after the delivery at which a FAIL of a suite that runs code is acted on. */
  verdict_fail_step_ms: Generated<number>;
  /** What its client's proof of the suite says, as it stood when the job was proposed. */
  suite_proof: JsonB<SuiteProof> | null;
}

export interface NegotiationEntriesTable {
  job_id: string;
  seq: number;
  entry: JsonText;
  /** Null in older rows. */
  entry_bytes: Generated<number | null>;
  previous_hash: string | null;
  hash: string;
}

/** A text or file that a party of a dispute shows. Nobody changes or removes it. */
export interface JobEvidenceTable {
  evidence_id: string;
  job_id: string;
  agent_id: string;
  name: string;
  media_type: string;
  content: Buffer;
  /** Of the content, in hex. */
  sha256: string;
  created_at: Date;
}

/** `{<test_id>: {salt, cases}}`, sealed with context `hidden-cases:<job_id>`. */
export interface HiddenCasesTable {
  job_id: string;
  sealed: string;
}

export interface VerificationRunsTable {
  run_id: string;
  job_id: string;
  delivery: number;
  status: RunStatus;
  lease_token: string | null;
  lease_until: Date | null;
  errors: Generated<number>;
  results: JsonB<TestResult[]> | null;
  summary: string | null;
  deliverable_hash: string | null;
  isolation: JsonB<unknown> | null;
  usage: JsonB<unknown> | null;
  effective_limits: JsonB<unknown> | null;
  runner_version: string | null;
  runner_digest: string | null;
  /** False where only the wall clock ended a test; null where the runner did not say. */
  deterministic: boolean | null;
  /** When a FAIL that is already decided is acted on; null for every other run. */
  fail_settles_at: Date | null;
  /** Whose share of the runner it uses: its client, or SHARED_LANE. */
  lane: Generated<string>;
  /** When a worker last took it to the runner, and when it last came back. */
  turn_started_at: Date | null;
  turn_ended_at: Date | null;
  /** Time it has spent in the runner, over all its turns. */
  runner_ms: Generated<number>;
  delivered_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export type JobRow = Selectable<JobsTable>;
export type JobEvidenceRow = Selectable<JobEvidenceTable>;
export type JobChange = Updateable<JobsTable>;
export type HiddenCasesRow = Selectable<HiddenCasesTable>;
export type NegotiationEntryRow = Selectable<NegotiationEntriesTable>;
export type VerificationRunRow = Selectable<VerificationRunsTable>;
export type VerificationRunChange = Updateable<VerificationRunsTable>;
export type NewJob = Insertable<JobsTable>;
