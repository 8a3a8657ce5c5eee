import { type CriteriaCheckRow, type Db, listCheckSteps } from '@agent-registry/db';
import { CHECK_REASONS, type CriteriaCheck } from '@agent-registry/schemas';
import { presentRunner } from './runner.ts';
import { optionalTime, time } from './time.ts';

/** A check as its owner sees it, with the reports while they are kept. */
export async function presentCheck(db: Db, check: CriteriaCheckRow): Promise<CriteriaCheck> {
  const { findings } = check;
  const steps = findings === null ? [] : await listCheckSteps(db, check.check_id);
  const reports = new Map(steps.flatMap(({ sample, report }) => (report === null ? [] : [[sample, report]])));
  return {
    check_id: check.check_id,
    status: check.status,
    reason: check.reason === null ? null : `${check.reason}: ${CHECK_REASONS[check.reason]}`,
    acceptance_criteria_hash: check.criteria_hash,
    repeats: check.repeats,
    samples: (findings?.samples ?? []).map((sample, index) => ({
      ...sample,
      report: reports.get(index) ?? null,
    })),
    deterministic: findings?.deterministic ?? null,
    forgeable: findings?.forgeable ?? null,
    cheats: findings?.cheats ?? [],
    runner: presentRunner(check),
    proof_id: check.proof_id,
    proof_expires_at: optionalTime(check.proof_expires_at),
    created_at: time(check.created_at),
    finished_at: optionalTime(check.finished_at),
  };
}
