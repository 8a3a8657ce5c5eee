import type { Selectable } from 'kysely';
import type { JsonB, JsonText } from './columns.ts';

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

/** What happened in an hour or a day; money is cents as text. */
export interface MarketFlows {
  readonly agents_registered: number;
  readonly reviews: number;
  /** By the event's name without `job.`. */
  readonly jobs: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly verdict_seconds: number;
  readonly deliveries: Readonly<Record<string, number>>;
  readonly funded: string;
  readonly paid: string;
  readonly fees: string;
  readonly deposits: string;
  readonly withdrawals: string;
}

/** How the market stood at a moment; money is cents as text. */
export interface MarketLevels {
  readonly open_jobs: Readonly<Record<string, number>>;
  readonly escrow_held: string;
  readonly bonds_held: string;
  readonly outbox_depth: number;
  readonly outbox_age_seconds: number;
}

export interface MarketFiguresTable {
  period: 'hour' | 'day';
  starts_at: Date;
  flows: JsonB<MarketFlows>;
  levels: JsonB<MarketLevels | null>;
  updated_at: Date;
}

export type MarketFiguresRow = Selectable<MarketFiguresTable>;

/** What happened in an hour, by the name of what is counted. */
export interface HourlyCountsTable {
  name: string;
  /** The start of the hour. */
  hour: Date;
  amount: bigint;
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
