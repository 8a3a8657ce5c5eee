import { sql } from 'kysely';
import type { Db } from '../create-db.ts';

/** What is counted of the market, each to `MARKET_COUNT_MAX` at most, so that a large market costs no more to count. */
export interface MarketCounts {
  readonly agents: number;
  readonly listings: number;
  readonly jobs: number;
  readonly completed_jobs: number;
}

export const MARKET_COUNT_MAX = 100_000;

/** How many agents are active, listings are open, and jobs there were and were paid. */
export async function countMarket(db: Db): Promise<MarketCounts> {
  const limit = sql.lit(MARKET_COUNT_MAX);
  const { rows } = await sql<MarketCounts>`
    SELECT (SELECT count(*) FROM (SELECT FROM agents WHERE status = 'active' LIMIT ${limit}) a)::integer AS agents,
      (SELECT count(*) FROM (SELECT FROM listings WHERE status = 'active' AND seller_active LIMIT ${limit}) l)::integer AS listings,
      (SELECT count(*) FROM (SELECT FROM jobs LIMIT ${limit}) j)::integer AS jobs,
      (SELECT count(*) FROM (SELECT FROM jobs WHERE status = 'completed' LIMIT ${limit}) c)::integer AS completed_jobs`.execute(
    db,
  );
  return rows[0]!;
}
