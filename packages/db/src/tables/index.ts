import type { AgentCardsTable } from './agent-cards.ts';
import type { AgentsTable, ListingsTable, ReviewsTable } from './agents.ts';
import type { CriteriaCheckStepsTable, CriteriaChecksTable } from './criteria-checks.ts';
import type {
  HiddenCasesTable,
  JobEvidenceTable,
  JobsTable,
  NegotiationEntriesTable,
  VerificationRunsTable,
} from './jobs.ts';
import type {
  AccountsTable,
  FeeSumsTable,
  LedgerSumsTable,
  PostingsTable,
  TransfersTable,
} from './ledger.ts';
import type {
  JobSaltsTable,
  LogCheckpointsTable,
  LogCosignaturesTable,
  LogLeavesTable,
  LogNodesTable,
  LogPublishedTable,
} from './log.ts';
import type { RecallsTable, RejudgementsTable } from './recalls.ts';
import type {
  DeploymentFactsTable,
  HourlyCountsTable,
  IdempotencyKeysTable,
  KeptBytesTable,
  MarketFiguresTable,
  NoncesTable,
  OperatorAuditTable,
  WrittenBytesTable,
} from './requests.ts';
import type { SearchChangesTable, SearchLexemesTable } from './search.ts';
import type {
  EventFeedsTable,
  EventsTable,
  OutboxTable,
  WebhookAttemptsTable,
  WebhookDeliveriesTable,
} from './webhooks.ts';

export * from './agent-cards.ts';
export * from './agents.ts';
export type { JsonText } from './columns.ts';
export * from './criteria-checks.ts';
export * from './jobs.ts';
export * from './ledger.ts';
export * from './log.ts';
export * from './recalls.ts';
export * from './requests.ts';
export * from './search.ts';
export * from './webhooks.ts';

export interface Database {
  agents: AgentsTable;
  agent_cards: AgentCardsTable;
  listings: ListingsTable;
  search_words: { word: string };
  search_lexemes: SearchLexemesTable;
  search_changes: SearchChangesTable;
  jobs: JobsTable;
  negotiation_entries: NegotiationEntriesTable;
  verification_runs: VerificationRunsTable;
  job_evidence: JobEvidenceTable;
  reviews: ReviewsTable;
  accounts: AccountsTable;
  transfers: TransfersTable;
  postings: PostingsTable;
  fee_sums: FeeSumsTable;
  ledger_sums: LedgerSumsTable;
  events: EventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  event_feeds: EventFeedsTable;
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
  market_figures: MarketFiguresTable;
  log_leaves: LogLeavesTable;
  log_nodes: LogNodesTable;
  log_checkpoints: LogCheckpointsTable;
  log_published: LogPublishedTable;
  log_cosignatures: LogCosignaturesTable;
  job_salts: JobSaltsTable;
  recalls: RecallsTable;
  rejudgements: RejudgementsTable;
}
