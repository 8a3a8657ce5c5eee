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
