import {
  type CriteriaCheckRow,
  deleteExpiredProofs,
  forgetOldChecks,
  lockChecksSealedOtherwise,
  updateCheck,
} from '@agent-registry/db';
import { CHECK_DAY_MS } from '@agent-registry/domain';
import type { Sealer } from '@agent-registry/signing';
import type { Op } from '../op.ts';
import { hiddenCasesContext } from './create-check.ts';

/** Rows that one transaction seals anew: each may be as large as a request. */
const RESEAL_BATCH = 20;

/** Maintenance: what was sent and reported is kept for a day, proofs for as long as they hold. Returns how many rows. */
export async function forgetChecks(op: Op, limit: number): Promise<number> {
  const before = new Date(op.now.getTime() - CHECK_DAY_MS);
  return (
    (await forgetOldChecks(op.trx, before, op.now, limit)) +
    (await deleteExpiredProofs(op.trx, op.now, limit))
  );
}

/** A check's hidden cases as JSON text; null without any. Throws SealError where no accepted key opens them. */
export function openCheckHiddenCases(sealer: Sealer, check: CriteriaCheckRow): string | null {
  if (check.hidden_cases === null) return null;
  return sealer.open(check.hidden_cases, hiddenCasesContext(check.check_id));
}

/** Seals checks' hidden cases anew under the current PLATFORM_SIGNING_KEY, one bounded batch a call. */
export async function resealChecks(
  op: Op,
  input: { after: string | null },
): Promise<{ resealed: number; next: string | null }> {
  const prefix = `s1.${op.sealer.keyId}.`;
  const rows = await lockChecksSealedOtherwise(op.trx, prefix, input.after, RESEAL_BATCH);
  for (const { check_id, hidden_cases } of rows) {
    const context = hiddenCasesContext(check_id);
    await updateCheck(op.trx, check_id, {
      hidden_cases: op.sealer.seal(op.sealer.open(hidden_cases ?? '', context), context),
    });
  }
  return { resealed: rows.length, next: rows.at(-1)?.check_id ?? null };
}
