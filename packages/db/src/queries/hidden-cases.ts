import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { HiddenCasesRow } from '../tables/index.ts';

export async function insertHiddenCases(trx: Tx, row: HiddenCasesRow): Promise<void> {
  await trx.insertInto('hidden_cases').values(row).execute();
}

export function findHiddenCases(db: Db, jobId: string): Promise<HiddenCasesRow | undefined> {
  return db.selectFrom('hidden_cases').selectAll().where('job_id', '=', jobId).executeTakeFirst();
}

/** Rows sealed under another key than this one, locked, in the order of their jobs' ids. */
export function lockHiddenCasesSealedOtherwise(
  trx: Tx,
  sealPrefix: string,
  after: string | null,
  limit: number,
): Promise<HiddenCasesRow[]> {
  return trx
    .selectFrom('hidden_cases')
    .selectAll()
    .$if(after !== null, (query) => query.where('job_id', '>', after ?? ''))
    .where(sql<boolean>`NOT starts_with(sealed, ${sealPrefix})`)
    .orderBy('job_id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

export async function updateHiddenCases(trx: Tx, { job_id, sealed }: HiddenCasesRow): Promise<void> {
  await trx.updateTable('hidden_cases').set({ sealed }).where('job_id', '=', job_id).execute();
}
