import type {
  AgentStatus,
  CheckFindings,
  CheckOutcome,
  CheckReason,
  CheckReport,
  CheckStatus,
  DeliveryStatus,
  EscrowStatus,
  EventType,
  FeeRule,
  HostingMode,
  JobOutcome,
  JobStatus,
  ListingStatus,
  OutboxKind,
  RunStatus,
  SuiteProof,
  TestResult,
  TestVerdict,
  TransferKind,
} from '@agent-registry/schemas';
import type { Generated, GeneratedAlways, Insertable, Selectable, Updateable } from 'kysely';

/** JSON kept as the text that was received. */
export type JsonText = string;

export interface AgentsTable {
  agent_id: string;
  public_key: string;
  pending_public_key: string | null;
  pending_key_at: Date | null;
  display_name: string;
  description: string | null;
  endpoint_url: string | null;
  /** The URL that has answered 2xx; the endpoint is verified while it is this one. */
  endpoint_verified_url: Generated<string | null>;
  hosting_mode: HostingMode;
  capabilities: string[];
  status: AgentStatus;
  reputation_seller: number | null;
  reputation_client: number | null;
  reviews_as_seller: Generated<number>;
  reviews_as_client: Generated<number>;
  reputation_as_of: Date;
  reputation_due_at: Date | null;
  /** Sealed with context `webhook-secret:<agent_id>`. */
  webhook_secret: string;
  previous_webhook_secret: string | null;
  previous_secret_until: Date | null;
  endpoint_disabled_at: Date | null;
  endpoint_disabled_reason: string | null;
  endpoint_failing_since: Date | null;
  endpoint_failures: Generated<number>;
  last_seen: Date | null;
  /** When the endpoint last answered 2xx, to the minute. */
  endpoint_answered_at: Generated<Date | null>;
  /** Whether it has ever had a listing; kept by a trigger. */
  is_seller: Generated<boolean>;
  /** When a signature first proved that the agent holds its key. */
  proven_at: Generated<Date | null>;
  /** When whoever holds the key took it over, by a signed registration, from this agent that never proved to. */
  displaced_at: Generated<Date | null>;
  created_at: Date;
  updated_at: Date;
}

export interface ListingsTable {
  listing_id: string;
  seller_agent_id: string;
  skill_id: string;
  /** What all spellings of the skill have in common; null for a second spelling from before there was this column. */
  skill_folded: string | null;
  description: string | null;
  base_price: bigint;
  sla: JsonText | null;
  status: ListingStatus;
  seller_display_name: string;
  seller_capabilities: string[];
  seller_capabilities_text: string;
  seller_reputation: Generated<number>;
  seller_active: boolean;
  discoverable: GeneratedAlways<boolean>;
  /** 0 for the first three of its seller's discoverable listings by price, 1 for the others; kept by triggers. */
  tier: Generated<number>;
  search: GeneratedAlways<string>;
  created_at: Date;
  updated_at: Date;
}

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

export interface ReviewsTable {
  review_id: string;
  job_id: string;
  reviewer_agent_id: string;
  reviewee_agent_id: string;
  role: 'client_reviewing_seller' | 'seller_reviewing_client';
  rating: number;
  tags: string[];
  comment: string | null;
  created_at: Date;
}

export type AccountKind = 'agent' | 'escrow' | 'bond' | 'fees' | 'mint';

export interface AccountsTable {
  account_id: string;
  kind: AccountKind;
  owner_id: string | null;
  /** Cents; null for the platform's own accounts. */
  balance: bigint | null;
}

export interface TransfersTable {
  transfer_id: string;
  reference: string;
  kind: TransferKind;
  job_id: string | null;
  created_at: Date;
}

export interface PostingsTable {
  posting_id: GeneratedAlways<bigint>;
  transfer_id: string;
  account_id: string;
  amount: bigint;
  balance_after: bigint | null;
}

export interface EventsTable {
  event_id: string;
  job_id: string | null;
  type: EventType;
  body: string;
  created_at: Date;
}

export interface WebhookDeliveriesTable {
  delivery_id: string;
  event_id: string;
  agent_id: string;
  event_type: EventType;
  status: DeliveryStatus;
  exhausted: Generated<boolean>;
  cycle: Generated<number>;
  attempts: Generated<number>;
  last_error: string | null;
  created_at: Date;
  finished_at: Date | null;
}

export interface WebhookAttemptsTable {
  delivery_id: string;
  cycle: number;
  attempt: number;
  lease_token: string;
  lease_until: Date;
  started_at: Date;
  finished_at: Date | null;
  duration_ms: number | null;
  phase: 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'response' | null;
  status: number | null;
  error: string | null;
  response: string | null;
  next_attempt_at: Date | null;
}

export interface OutboxTable {
  outbox_id: string;
  kind: OutboxKind;
  subject: string;
  cycle: number;
  attempt: number;
  generation: Generated<number>;
  job_id: string | null;
  due_at: Date;
  check_at: Date;
  created_at: Date;
}

export interface NoncesTable {
  agent_id: string;
  nonce: string;
  expires_at: Date;
}

export interface IdempotencyKeysTable {
  scope: string;
  key: string;
  fingerprint: string;
  status: number;
  answer: string;
  created_at: Date;
  expires_at: Date;
}

export interface OperatorAuditTable {
  audit_id: string;
  operator: string;
  action: string;
  subject: string | null;
  details: JsonText;
  created_at: Date;
}

export interface DeploymentFactsTable {
  name: string;
  value: JsonB<unknown>;
  updated_at: Date;
}

/** What happened in an hour, by the name of what is counted. */
export interface HourlyCountsTable {
  name: string;
  /** The start of the hour. */
  hour: Date;
  amount: bigint;
}

/** `{<test_id>: {salt, cases}}`, sealed with context `hidden-cases:<job_id>`. */
export interface HiddenCasesTable {
  job_id: string;
  sealed: string;
}

/** A dry run of acceptance criteria. What was sent is kept for a day, and of a proof all the rest for as long as it holds. */
export interface CriteriaChecksTable {
  check_id: string;
  agent_id: string;
  status: Generated<CheckStatus>;
  criteria_hash: string;
  criteria: JsonText | null;
  /** `[{name, result, expect}]`. */
  samples: JsonText | null;
  /** Sealed with context `check-hidden-cases:<check_id>`. */
  hidden_cases: string | null;
  repeats: number;
  lease_token: string | null;
  lease_until: Date | null;
  /** How often the harness broke on the step that is next. */
  errors: Generated<number>;
  /** Time in the runner, over all steps. */
  runner_ms: Generated<number>;
  findings: JsonB<CheckFindings> | null;
  /** Why it could not be finished. */
  reason: CheckReason | null;
  runner_version: string | null;
  runner_digest: string | null;
  proof_id: string | null;
  proof_expires_at: Date | null;
  created_at: Date;
  finished_at: Date | null;
}

/** One run of the runner for a check: a sample, or a cheat. */
export interface CriteriaCheckStepsTable {
  check_id: string;
  step: number;
  sample: number | null;
  cheat: string | null;
  verdict: TestVerdict;
  outcomes: JsonB<CheckOutcome[]>;
  /** False where a clock ended a test. */
  deterministic: boolean | null;
  /** Of the first run of each sample. */
  report: JsonB<CheckReport> | null;
  runner_version: string | null;
  runner_digest: string | null;
  runner_ms: number;
  finished_at: Date;
}

/** Bytes that an agent's requests wrote in an hour, by the address they came from. */
export interface WrittenBytesTable {
  agent_id: string;
  hour: Date;
  address: string;
  bytes: bigint;
}

/** Bytes that are kept on an agent's account: `job:<id>`, `listing:<id>` or `events:<date>`. */
export interface KeptBytesTable {
  agent_id: string;
  subject: string;
  bytes: bigint;
  expires_at: Date | null;
}

/** A jsonb column: read as a value, written as JSON text. */
type JsonB<T> = import('kysely').ColumnType<T, string | null, string | null>;

export interface Database {
  agents: AgentsTable;
  listings: ListingsTable;
  search_words: { word: string };
  jobs: JobsTable;
  negotiation_entries: NegotiationEntriesTable;
  verification_runs: VerificationRunsTable;
  reviews: ReviewsTable;
  accounts: AccountsTable;
  transfers: TransfersTable;
  postings: PostingsTable;
  events: EventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_attempts: WebhookAttemptsTable;
  outbox: OutboxTable;
  nonces: NoncesTable;
  idempotency_keys: IdempotencyKeysTable;
  operator_audit: OperatorAuditTable;
  deployment_facts: DeploymentFactsTable;
  hidden_cases: HiddenCasesTable;
  criteria_checks: CriteriaChecksTable;
  criteria_check_steps: CriteriaCheckStepsTable;
  hourly_counts: HourlyCountsTable;
  written_bytes: WrittenBytesTable;
  kept_bytes: KeptBytesTable;
}

export type AgentRow = Selectable<AgentsTable>;
export type ListingRow = Selectable<ListingsTable>;
export type JobRow = Selectable<JobsTable>;
export type JobChange = Updateable<JobsTable>;
export type CriteriaCheckRow = Selectable<CriteriaChecksTable>;
export type CriteriaCheckChange = Updateable<CriteriaChecksTable>;
export type CriteriaCheckStepRow = Selectable<CriteriaCheckStepsTable>;
export type HiddenCasesRow = Selectable<HiddenCasesTable>;
export type NegotiationEntryRow = Selectable<NegotiationEntriesTable>;
export type VerificationRunRow = Selectable<VerificationRunsTable>;
export type VerificationRunChange = Updateable<VerificationRunsTable>;
export type ReviewRow = Selectable<ReviewsTable>;
export type AccountRow = Selectable<AccountsTable>;
export type TransferRow = Selectable<TransfersTable>;
export type PostingRow = Selectable<PostingsTable>;
export type EventRow = Selectable<EventsTable>;
export type DeliveryRow = Selectable<WebhookDeliveriesTable>;
export type AttemptRow = Selectable<WebhookAttemptsTable>;
export type OutboxRow = Selectable<OutboxTable>;

export type NewAgent = Insertable<AgentsTable>;
export type AgentColumns = Updateable<AgentsTable>;
export type NewListing = Insertable<ListingsTable>;
export type ListingColumns = Updateable<ListingsTable>;
export type NewJob = Insertable<JobsTable>;
