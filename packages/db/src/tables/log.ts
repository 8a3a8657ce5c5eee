import type { GeneratedAlways, Selectable } from 'kysely';

export interface LogLeavesTable {
  entry_id: GeneratedAlways<bigint>;
  leaf_id: string;
  kind: string;
  /** Whom it is about: with the kind, unique for ever. */
  subject: string;
  job_id: string | null;
  leaf: Buffer;
  leaf_hash: GeneratedAlways<Buffer>;
  created_at: Date;
  /** Null until it is sequenced. */
  log_index: bigint | null;
}

export interface LogNodesTable {
  level: number;
  node: bigint;
  hash: Buffer;
}

export interface LogCheckpointsTable {
  size: bigint;
  previous_size: bigint;
  root: Buffer;
  note: string;
  signed_at: Date;
}

export interface LogPublishedTable {
  size: bigint;
  published_at: Date;
}

export interface LogCosignaturesTable {
  size: bigint;
  witness: string;
  line: string;
  created_at: Date;
}

export interface JobSaltsTable {
  job_id: string;
  salt: Buffer;
}

export type LogLeafRow = Selectable<LogLeavesTable>;
export type LogCheckpointRow = Selectable<LogCheckpointsTable>;
