import {
  type CriteriaCheckRow,
  deleteOutboxOf,
  insertCheckStep,
  listCheckSteps,
  updateCheck,
} from '@agent-registry/db';
import { earnsProof, findingsOf, type NamedSample, PROOF_MS } from '@agent-registry/domain';
import { storableTexts, type TestRunResponse, type TestVerdict } from '@agent-registry/schemas';
import type { Op } from '../op.ts';
import { renewLease } from '../renew-lease.ts';
import { findSpent, giveUpCheck, lockLeasedCheck, postpone, yieldsFor } from './claim-check.ts';
import { checkKey } from './create-check.ts';

/** Characters that are kept of any text in a report. */
const TEXT_CHARS_MAX = 4_096;
/** Times one step may break the harness, while a canary passes, before that is what is known of it. */
const STEP_ERRORS_MAX = 3;

/** One run of the runner that is over. */
export interface StepDone {
  readonly step: number;
  readonly sample: number | null;
  readonly cheat: string | null;
  /** Null where the harness broke on it. */
  readonly response: TestRunResponse | null;
  /** Whether the owner is to read what the runner said: the first run of a sample. */
  readonly keepsReport: boolean;
  readonly runnerMs: number;
}

export interface RecordInput {
  readonly checkId: string;
  readonly token: string;
  readonly done: StepDone;
  /** Steps in all. */
  readonly steps: number;
  /** Whether the worker's turn is over. */
  readonly isTurnOver: boolean;
}

/** `more`: the worker goes on. `later`: the next task is in the outbox. `lost`: another worker has the check. */
export type Recorded = 'more' | 'later' | 'ended' | 'lost';

/** Keeps what one run of the runner said, and decides how a check goes on. */
export async function recordStep(op: Op, input: RecordInput): Promise<Recorded> {
  const { checkId, token, done } = input;
  const check = await lockLeasedCheck(op, { checkId, token });
  if (check === null) return 'lost';
  await insertCheckStep(op.trx, { check_id: checkId, ...columnsOf(done), finished_at: op.now });
  const counted = await updateCheck(op.trx, checkId, {
    runner_ms: check.runner_ms + Math.ceil(done.runnerMs),
    errors: 0,
  });
  if (done.step + 1 >= input.steps) {
    await finishCheck(op, counted);
    return 'ended';
  }
  const spent = await findSpent(op, counted);
  if (spent !== null) {
    await giveUpCheck(op, counted, spent);
    return 'ended';
  }
  const waitMs = await yieldsFor(op);
  if (waitMs > 0 || input.isTurnOver) {
    await (waitMs > 0 ? postpone(op, checkId, waitMs) : postpone(op, checkId));
    return 'later';
  }
  await renewLease(op, 'criteria_check', { id: checkId, token });
  return 'more';
}

/**
 * Notes that the harness broke on a step while a canary passed.
 *
 * @returns whether it did so often enough to be what is known of the step, and whether another worker has the check by now.
 */
export async function recordStepError(
  op: Op,
  input: { checkId: string; token: string },
): Promise<{ isFinal: boolean; isLost: boolean }> {
  const check = await lockLeasedCheck(op, input);
  if (check === null) return { isFinal: false, isLost: true };
  const errors = check.errors + 1;
  await updateCheck(op.trx, input.checkId, { errors });
  return { isFinal: errors >= STEP_ERRORS_MAX, isLost: false };
}

function columnsOf({ step, sample, cheat, response, keepsReport, runnerMs }: StepDone) {
  const verdict: TestVerdict = response?.verdict ?? 'error';
  const kept = response === null ? null : storableTexts(response, TEXT_CHARS_MAX);
  const outcomes = (kept?.results ?? []).map(({ test_id, outcome, exit_code }) => ({
    test_id,
    outcome,
    exit_code,
  }));
  return {
    step,
    sample,
    cheat,
    verdict,
    outcomes: JSON.stringify(outcomes),
    deterministic: response?.deterministic ?? null,
    report: keepsReport && kept !== null ? JSON.stringify(reportOf(kept)) : null,
    runner_version: kept?.runner?.version ?? null,
    runner_digest: kept?.runner?.digest ?? null,
    runner_ms: Math.ceil(runnerMs),
  };
}

function reportOf({
  verdict,
  results,
  summary,
  deliverable_hash,
  isolation,
  usage,
  effective_limits,
}: TestRunResponse) {
  return { verdict, results, summary, deliverable_hash, isolation, usage, effective_limits };
}

/** All steps are there: what they say together, and a proof where they show enough. */
async function finishCheck(op: Op, check: CriteriaCheckRow): Promise<void> {
  const rows = await listCheckSteps(op.trx, check.check_id);
  const samples = JSON.parse(check.samples ?? '[]') as NamedSample[];
  const findings = findingsOf(
    samples,
    rows.map((row) => ({ ...row, runnerMs: row.runner_ms })),
  );
  const digests = new Set(rows.map((row) => row.runner_digest));
  const [first] = rows;
  const runner =
    digests.size === 1 && first !== undefined && first.runner_digest !== null
      ? { runner_version: first.runner_version, runner_digest: first.runner_digest }
      : null;
  const isProof = runner !== null && earnsProof(findings, check.repeats);
  await updateCheck(op.trx, check.check_id, {
    status: 'finished',
    lease_token: null,
    lease_until: null,
    findings: JSON.stringify(findings),
    ...runner,
    proof_id: isProof ? op.ids.next() : null,
    proof_expires_at: isProof ? new Date(op.now.getTime() + PROOF_MS) : null,
    finished_at: op.now,
  });
  await deleteOutboxOf(op.trx, 'criteria_check', check.check_id);
  op.announcements.push(checkKey(check.check_id));
}
