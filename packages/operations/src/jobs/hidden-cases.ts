import {
  type Db,
  findHiddenCases,
  type HiddenCasesRow,
  insertHiddenCases,
  lockHiddenCasesSealedOtherwise,
  updateHiddenCases,
} from '@agent-registry/db';
import type { Sealer } from '@agent-registry/signing';
import { defer, type Op } from '../op.ts';

/** Rows that one transaction seals anew: each may be as large as a request. */
const RESEAL_BATCH = 20;

/** Keeps a proposal's hidden cases, JSON as it was sent, sealed at rest. */
export function keepHiddenCases(op: Op, jobId: string, text: string): void {
  defer(op, insertHiddenCases(op.trx, { job_id: jobId, sealed: op.sealer.seal(text, contextOf(jobId)) }));
}

/** A job's hidden cases as JSON text; null where it has none. Throws SealError where no accepted key opens them. */
export async function openHiddenCases(
  { db, sealer }: { readonly db: Db; readonly sealer: Sealer },
  jobId: string,
): Promise<string | null> {
  return openSealedCases(sealer, await findHiddenCases(db, jobId));
}

/** The same of a row that was read. */
export function openSealedCases(sealer: Sealer, row: HiddenCasesRow | undefined): string | null {
  return row === undefined ? null : sealer.open(row.sealed, contextOf(row.job_id));
}

/**
 * Seals hidden cases anew under the current PLATFORM_SIGNING_KEY, one bounded batch a call.
 *
 * @param input.after the last job of the batch before.
 */
export async function resealHiddenCases(
  op: Op,
  input: { after: string | null },
): Promise<{ resealed: number; next: string | null }> {
  const prefix = `s1.${op.sealer.keyId}.`;
  const rows = await lockHiddenCasesSealedOtherwise(op.trx, prefix, input.after, RESEAL_BATCH);
  for (const { job_id, sealed } of rows) {
    const context = contextOf(job_id);
    await updateHiddenCases(op.trx, {
      job_id,
      sealed: op.sealer.seal(op.sealer.open(sealed, context), context),
    });
  }
  return { resealed: rows.length, next: rows.at(-1)?.job_id ?? null };
}

function contextOf(jobId: string): string {
  return `hidden-cases:${jobId}`;
}
