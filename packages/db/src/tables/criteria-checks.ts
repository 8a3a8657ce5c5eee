import type {
  CheckFindings,
  CheckOutcome,
  CheckReason,
  CheckReport,
  CheckStatus,
  TestVerdict,
} from '@agent-registry/schemas';
import type { Generated, Selectable, Updateable } from 'kysely';
import type { JsonB, JsonText } from './columns.ts';

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

export type CriteriaCheckRow = Selectable<CriteriaChecksTable>;
export type CriteriaCheckChange = Updateable<CriteriaChecksTable>;
export type CriteriaCheckStepRow = Selectable<CriteriaCheckStepsTable>;
