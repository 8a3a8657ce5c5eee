import { AGENT_STATUSES, type AgentStatus, type JobStatus } from '@agent-registry/schemas';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../create-db.ts';
import type { AgentRow, DeliveryRow, JobRow } from '../tables/index.ts';
import { countTo } from './count-to.ts';
import { type KeysetPage, paged } from './keyset.ts';

export interface AgentSearch {
  /** Part of a name or an endpoint, the beginning of a key, or an id. */
  readonly text: string | null;
  readonly status: AgentStatus | null;
}

const AGENT_SORTS = ['created_at', 'last_seen', 'balance'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];

/** What agents are sorted by, as a number: milliseconds or cents. */
const SORT_KEYS: Readonly<Record<AgentSort, RawBuilder<bigint>>> = {
  created_at: sql`(extract(epoch FROM created_at) * 1000)::bigint`,
  last_seen: sql`coalesce((extract(epoch FROM last_seen) * 1000)::bigint, -1)`,
  balance: sql`coalesce(account.balance, 0)`,
};

export type FoundAgent = AgentRow & { balance: bigint; sort_key: bigint };

/** Agents that are found, the largest key first. It reads every agent that the search does not leave out: operators are few. */
export async function searchAgents(
  db: Db,
  search: AgentSearch,
  sort: AgentSort,
  page: { limit: number; offset: number; after: { key: bigint; id: string } | null },
): Promise<FoundAgent[]> {
  const { after } = page;
  const key = SORT_KEYS[sort];
  const past = after === null ? sql`true` : sql`(${key}, agent_id) < (${after.key}, ${after.id}::uuid)`;
  const { rows } = await sql<FoundAgent>`
    SELECT agents.*, coalesce(account.balance, 0) AS balance, ${key} AS sort_key
    FROM agents LEFT JOIN accounts account ON account.kind = 'agent' AND account.owner_id = agents.agent_id
    WHERE ${matches(search)} AND ${past}
    ORDER BY sort_key DESC, agent_id DESC LIMIT ${page.limit} OFFSET ${after === null ? page.offset : 0}`.execute(
    db,
  );
  return rows;
}

export function countAgents(db: Db, search: AgentSearch, limit: number): Promise<number> {
  return countTo(db, limit, sql`SELECT agent_id FROM agents WHERE ${matches(search)}`);
}

function matches({ text, status }: AgentSearch): RawBuilder<boolean> {
  const wanted = (text ?? '').toLowerCase();
  const anywhere = `%${wanted.replace(/[\\%_]/g, '\\$&')}%`;
  const statuses = status === null ? AGENT_STATUSES : [status];
  return sql`status = ANY(${[...statuses]}::text[]) AND (${wanted} = '' OR agent_id::text = ${wanted}
    OR starts_with(public_key, ${wanted}) OR lower(display_name) LIKE ${anywhere} OR lower(endpoint_url) LIKE ${anywhere})`;
}

/** How many jobs an agent is a party of, by state, each counted no further than `limit`. */
export async function countJobsByState(
  db: Db,
  agentId: string,
  statuses: readonly JobStatus[],
  limit: number,
): Promise<Record<JobStatus, number>> {
  const { rows } = await sql<{ status: JobStatus; count: number }>`
    SELECT status, (SELECT count(*) FROM (
      (SELECT 1 FROM jobs WHERE client_agent_id = ${agentId} AND jobs.status = wanted.status LIMIT ${limit}) UNION ALL
      (SELECT 1 FROM jobs WHERE seller_agent_id = ${agentId} AND jobs.status = wanted.status LIMIT ${limit}) LIMIT ${limit}) found)::integer AS count
    FROM unnest(${[...statuses]}::text[]) AS wanted (status)`.execute(db);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count])) as Record<JobStatus, number>;
}

/** An agent's deliveries without their bodies, newest first. */
export function listDeliveryRows(db: Db, agentId: string, page: KeysetPage): Promise<DeliveryRow[]> {
  return db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('agent_id', '=', agentId)
    .$call(paged('desc', 'created_at', 'delivery_id', page))
    .execute();
}

export function countDeliveries(db: Db, agentId: string, limit: number): Promise<number> {
  const own = db.selectFrom('webhook_deliveries').select('delivery_id').where('agent_id', '=', agentId);
  return countTo(db, limit, own);
}

/** How many listings, open proposals and checks of criteria an agent has: what is limited beside its bytes. */
export async function countLimited(
  db: Db,
  agentId: string,
  since: Date,
): Promise<{ listings: number; openProposals: number; checks: number }> {
  const { rows } = await sql<{ listings: number; openProposals: number; checks: number }>`
    SELECT (SELECT count(*) FROM listings WHERE seller_agent_id = ${agentId})::integer AS listings,
      (SELECT count(*) FROM jobs WHERE client_agent_id = ${agentId} AND status IN ('proposed', 'negotiating'))::integer AS "openProposals",
      (SELECT count(*) FROM criteria_checks WHERE agent_id = ${agentId} AND created_at > ${since})::integer AS checks`.execute(
    db,
  );
  return rows[0]!;
}

export type HoldingRow = Pick<
  JobRow,
  | 'job_id'
  | 'client_agent_id'
  | 'seller_agent_id'
  | 'status'
  | 'price'
  | 'seller_abort_penalty'
  | 'escrow_id'
  | 'escrow_status'
  | 'delivery_deadline'
  | 'settled_at'
> & { funded_at: Date };

function holding(db: Db) {
  return db.selectFrom('jobs').where('funded_at', 'is not', null).where('settled_at', 'is', null);
}

/** Jobs that hold money, the one that has held it longest first. */
export function listHoldingJobs(db: Db, page: KeysetPage): Promise<HoldingRow[]> {
  return holding(db)
    .select(['job_id', 'client_agent_id', 'seller_agent_id', 'status', 'price', 'seller_abort_penalty'])
    .select(['escrow_id', 'escrow_status', 'delivery_deadline', 'settled_at'])
    .select((eb) => eb.ref('funded_at').$notNull().as('funded_at'))
    .$call(paged('asc', 'funded_at', 'job_id', page))
    .execute();
}

export function countHoldingJobs(db: Db, limit: number): Promise<number> {
  return countTo(db, limit, holding(db).select('job_id'));
}
