import type { RejudgementStatus, TestResult } from '@agent-registry/schemas';
import type { Generated, Selectable, Updateable } from 'kysely';
import type { JsonB } from './columns.ts';

/** A runner that an operator found faulty. */
export interface RecallsTable {
  recall_id: string;
  runner_digest: string;
  reason: string;
  /** Verdicts it had given when it was recalled. */
  verdicts: number;
  created_at: Date;
}

/** What another runner says of a verdict of a recalled one. */
export interface RejudgementsTable {
  run_id: string;
  recall_id: string;
  status: RejudgementStatus;
  /** How often it was asked for. */
  asked: number;
  lease_token: string | null;
  lease_until: Date | null;
  /** How often this deliverable broke the harness while a canary passed. */
  errors: Generated<number>;
  verdict: 'pass' | 'fail' | null;
  results: JsonB<TestResult[]> | null;
  summary: string | null;
  runner_version: string | null;
  runner_digest: string | null;
  /** Why it cannot be judged anew. */
  reason: string | null;
  requested_at: Date;
  finished_at: Date | null;
  /** Of the deposit that compensates a party. */
  reference: string | null;
  /** What the operator says of the case. */
  note: string | null;
  closed_at: Date | null;
}

export type RecallRow = Selectable<RecallsTable>;
export type RejudgementRow = Selectable<RejudgementsTable>;
export type RejudgementChange = Updateable<RejudgementsTable>;
