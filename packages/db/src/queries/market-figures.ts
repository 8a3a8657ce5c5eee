import { sql } from 'kysely';
import type { Db, Tx } from '../create-db.ts';
import type { MarketFiguresRow, MarketFlows, MarketLevels } from '../tables/index.ts';

/** A stretch of time; its end does not belong to it. */
export interface Period {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** What happened in an hour. */
export async function countFlows(db: Db, { startsAt, endsAt }: Period): Promise<MarketFlows> {
  const within = (column: string) =>
    sql`${sql.ref(column)} >= ${startsAt} AND ${sql.ref(column)} < ${endsAt}`;
  const { rows } = await sql<{ flows: MarketFlows }>`
    WITH moved AS (
      SELECT t.kind AS transfer, a.kind AS account, p.amount FROM transfers t JOIN postings p USING (transfer_id)
      JOIN accounts a USING (account_id) WHERE ${within('t.created_at')})
    SELECT jsonb_build_object(
      'agents_registered', (SELECT count(*) FROM agents WHERE ${within('created_at')}),
      'reviews', (SELECT count(*) FROM reviews WHERE ${within('created_at')}),
      'jobs', (SELECT coalesce(jsonb_object_agg(name, count), '{}') FROM (
        SELECT substr(type, 5) AS name, count(*) FROM events WHERE ${within('created_at')} AND type LIKE 'job.%' GROUP BY type) e),
      'verdicts', (SELECT coalesce(jsonb_object_agg(status, count), '{}') FROM (
        SELECT status, count(*) FROM verification_runs WHERE ${within('finished_at')} GROUP BY status) r),
      'verdict_seconds', (SELECT coalesce(round(sum(extract(epoch FROM finished_at - delivered_at))), 0)
        FROM verification_runs WHERE ${within('finished_at')} AND status IN ('pass', 'fail')),
      'deliveries', (SELECT coalesce(jsonb_object_agg(status, count), '{}') FROM (
        SELECT status, count(*) FROM webhook_deliveries WHERE ${within('created_at')} GROUP BY status) d),
      'funded', coalesce((SELECT sum(amount) FROM moved WHERE transfer = 'escrow_hold' AND amount > 0), 0)::text,
      'paid', coalesce((SELECT sum(amount) FROM moved WHERE account = 'agent' AND amount > 0
        AND transfer IN ('escrow_release', 'abort_penalty', 'dispute_split')), 0)::text,
      'fees', coalesce((SELECT sum(amount) FROM moved WHERE account = 'fees' AND amount > 0), 0)::text,
      'deposits', coalesce((SELECT sum(amount) FROM moved WHERE transfer = 'deposit' AND amount > 0), 0)::text,
      'withdrawals', coalesce((SELECT sum(amount) FROM moved WHERE transfer = 'withdrawal' AND amount > 0), 0)::text
    ) AS flows`.execute(db);
  return rows[0]!.flows;
}

/** How the market stands. Jobs that have ended are not counted, so that it costs what is under way. */
export async function measureLevels(db: Db, now: Date): Promise<MarketLevels> {
  const { rows } = await sql<{ levels: MarketLevels }>`
    SELECT jsonb_build_object(
      'open_jobs', (SELECT coalesce(jsonb_object_agg(status, count), '{}') FROM (
        SELECT status, count(*) FROM jobs WHERE status IN ('proposed', 'negotiating', 'agreed', 'funded', 'in_progress',
          'delivered', 'verifying', 'disputed') GROUP BY status) s),
      'escrow_held', coalesce(held.escrow, 0)::text,
      'bonds_held', coalesce(held.bonds, 0)::text,
      'outbox_depth', due.depth,
      'outbox_age_seconds', greatest(0, coalesce(round(extract(epoch FROM ${now}::timestamptz - due.oldest)), 0))
    ) AS levels
    FROM (SELECT sum(price) AS escrow, sum(seller_abort_penalty) AS bonds FROM jobs
        WHERE funded_at IS NOT NULL AND settled_at IS NULL) held,
      (SELECT count(*) AS depth, min(due_at) AS oldest FROM outbox WHERE due_at <= ${now}) due`.execute(db);
  return rows[0]!.levels;
}

/** The first hour that has no figures yet, of those up to `now`: the last that has some again, since it may not have been over. */
export async function findHourToCount(
  db: Db,
  now: Date,
): Promise<{ startsAt: Date; updatedAt: Date | null }> {
  const { rows } = await sql<{ starts_at: Date; updated_at: Date | null }>`
    SELECT starts_at, updated_at FROM (
      (SELECT starts_at, updated_at FROM market_figures WHERE period = 'hour' ORDER BY starts_at DESC LIMIT 1)
      UNION ALL (SELECT date_trunc('hour', created_at, 'UTC'), NULL FROM agents ORDER BY created_at LIMIT 1)
      UNION ALL SELECT date_trunc('hour', ${now}::timestamptz, 'UTC'), NULL) known LIMIT 1`.execute(db);
  const { starts_at: startsAt, updated_at: updatedAt } = rows[0]!;
  return { startsAt, updatedAt };
}

export async function putHour(
  trx: Tx,
  row: { startsAt: Date; flows: MarketFlows; levels: MarketLevels | null; now: Date },
): Promise<void> {
  await sql`
    INSERT INTO market_figures (period, starts_at, flows, levels, updated_at)
    VALUES ('hour', ${row.startsAt}, ${JSON.stringify(row.flows)}, ${row.levels === null ? null : JSON.stringify(row.levels)}, ${row.now})
    ON CONFLICT (period, starts_at) DO UPDATE SET flows = excluded.flows,
      levels = coalesce(excluded.levels, market_figures.levels), updated_at = excluded.updated_at`.execute(
    trx,
  );
}

/** Adds up the hours of a day. */
export async function putDay(trx: Tx, startsAt: Date, now: Date): Promise<void> {
  const end = new Date(startsAt.getTime() + 86_400_000);
  await sql`
    WITH hours AS (
      SELECT starts_at, flows, levels FROM market_figures
      WHERE period = 'hour' AND starts_at >= ${startsAt} AND starts_at < ${end}
    ), plain AS (
      SELECT key, sum(value::numeric) AS sum, bool_or(jsonb_typeof(raw) = 'string') AS is_text
      FROM hours, jsonb_each(flows) AS each (key, raw), LATERAL (SELECT raw #>> '{}' AS value) v
      WHERE jsonb_typeof(raw) <> 'object' GROUP BY key
    ), named AS (
      SELECT key, jsonb_object_agg(name, sum) AS sums FROM (
        SELECT each.key, inner_each.key AS name, sum(inner_each.value::numeric) AS sum
        FROM hours, jsonb_each(flows) AS each (key, raw), jsonb_each_text(CASE WHEN jsonb_typeof(raw) = 'object' THEN raw END) AS inner_each
        GROUP BY 1, 2) counted GROUP BY key
    )
    INSERT INTO market_figures (period, starts_at, flows, levels, updated_at)
    SELECT 'day', ${startsAt},
      '{"jobs": {}, "verdicts": {}, "deliveries": {}}'::jsonb
        || coalesce((SELECT jsonb_object_agg(key, CASE WHEN is_text THEN to_jsonb(sum::text) ELSE to_jsonb(sum) END) FROM plain), '{}')
        || coalesce((SELECT jsonb_object_agg(key, sums) FROM named), '{}'),
      (SELECT levels FROM hours WHERE levels IS NOT NULL ORDER BY starts_at DESC LIMIT 1), ${now}
    WHERE EXISTS (SELECT FROM hours)
    ON CONFLICT (period, starts_at) DO UPDATE SET flows = excluded.flows, levels = excluded.levels, updated_at = excluded.updated_at`.execute(
    trx,
  );
}

/** A series, oldest first. */
export function listMarketFigures(
  db: Db,
  period: 'hour' | 'day',
  { startsAt, endsAt }: Period,
  limit: number,
): Promise<MarketFiguresRow[]> {
  return db
    .selectFrom('market_figures')
    .selectAll()
    .where('period', '=', period)
    .where('starts_at', '>=', startsAt)
    .where('starts_at', '<', endsAt)
    .orderBy('starts_at')
    .limit(limit)
    .execute();
}
