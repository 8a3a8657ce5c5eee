import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { CellShares } from '../search/cells.ts';
import { deleteDue, isFirstDue } from './delete-due.ts';
import { findDeploymentFact } from './find-deployment-fact.ts';
import { putDeploymentFact } from './maintenance.ts';

/** Listings filled in by one transaction. */
const FILL_BATCH = 500;
/** Listings that tell how all are spread over the cells. */
const SAMPLE_ROWS = 20_000;
const CELL_SHARES_FACT = 'listing_cells';

/** Fills in what search reads, for listings from before there were such columns, a batch at a time; nobody waits for it. */
export async function fillSearchColumns(db: Db): Promise<void> {
  for (let left = true; left; ) {
    // What somebody is changing is skipped, so that the two never wait for each other in a circle; the change fills it in.
    await sql`
      UPDATE listings SET updated_at = updated_at WHERE listing_id = ANY(ARRAY(
        SELECT listing_id FROM listings WHERE words IS NULL ORDER BY listing_id LIMIT ${FILL_BATCH} FOR NO KEY UPDATE SKIP LOCKED))`.execute(
      db,
    );
    const { rows } = await sql<{ left: boolean }>`
      SELECT EXISTS (SELECT FROM listings WHERE words IS NULL) AS left`.execute(db);
    left = rows[0]!.left;
  }
}

/** Adds up the changes of what listings have. Returns how many were added up. */
export async function countSearchTerms(trx: Tx, now: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ changes: number }>`
    WITH taken AS (
      DELETE FROM search_changes WHERE ${isFirstDue('search_changes', { where: sql`true`, orderBy: 'change_id', limit })}
      RETURNING removed, added
    ), counted AS (
      SELECT lexeme, sum(amount) AS amount FROM (
        SELECT unnest(added) AS lexeme, 1 AS amount FROM taken UNION ALL SELECT unnest(removed), -1 FROM taken) AS change
      GROUP BY lexeme
    ), written AS (
      INSERT INTO search_lexemes AS known (lexeme, listings, emptied_at)
      SELECT lexeme, amount, CASE WHEN amount <= 0 THEN ${now}::timestamptz END FROM counted ORDER BY lexeme
      ON CONFLICT (lexeme) DO UPDATE SET listings = known.listings + excluded.listings,
        emptied_at = CASE WHEN known.listings + excluded.listings <= 0 THEN ${now}::timestamptz END
      WHERE excluded.listings <> 0 OR known.listings <= 0
    )
    SELECT count(*)::integer AS changes FROM taken`.execute(trx);
  return rows[0]!.changes;
}

/** Forgets terms that no listing has had since `before`. Returns how many. */
export function deleteUnusedTerms(trx: Tx, before: Date, limit: number): Promise<number> {
  return deleteDue(trx, 'search_lexemes', {
    where: sql`emptied_at < ${before}`,
    orderBy: 'emptied_at',
    limit,
  });
}

/** Notes, from a sample, what part of the listings lies in which cells; nothing where there are none. */
export async function recordCellShares(trx: Tx, now: Date): Promise<void> {
  const { rows: sizes } = await sql<{ percent: number }>`
    SELECT least(100, 100.0 * ${SAMPLE_ROWS} / greatest(reltuples, 1))::float8 AS percent
    FROM pg_class WHERE oid = 'listings'::regclass`.execute(trx);
  const { rows } = await sql<{ run: number; share: number }>`
    SELECT CASE WHEN cell >= 100 THEN cell - cell % 4 ELSE cell END AS run, count(*) / sum(count(*)) OVER () AS share FROM (
      SELECT listing_cell(seller_reputation, base_price) AS cell FROM listings TABLESAMPLE SYSTEM (${sizes[0]!.percent})
      WHERE discoverable) AS sample GROUP BY 1`.execute(trx);
  if (rows.length === 0) return;
  const shares: CellShares = Object.fromEntries(rows.map(({ run, share }) => [run, share]));
  await putDeploymentFact(trx, CELL_SHARES_FACT, shares, now);
}

/** As last recorded; nothing where they never were. */
export async function findCellShares(db: Db): Promise<CellShares> {
  return ((await findDeploymentFact(db, CELL_SHARES_FACT)) ?? {}) as CellShares;
}
