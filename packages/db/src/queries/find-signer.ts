import { type RawBuilder, sql } from 'kysely';
import { compileOnce } from '../compile-once.ts';
import type { Db } from '../create-db.ts';
import type { AgentRow } from '../tables/index.ts';
import { type Holdings, holdingsColumns } from './ledger.ts';

/** An agent that a request says it comes from. */
export interface Signer {
  readonly agent: AgentRow;
  /** Which of the request's nonces the table has seen. */
  readonly spent: readonly string[];
  /** Null unless they were asked for. */
  readonly holdings: Holdings | null;
}

/**
 * The agent that a request says it comes from, and which of the request's nonces the table has seen: one round trip.
 * None for an agent that had to give its key up.
 */
export async function findSigner(
  db: Db,
  agentId: string,
  nonces: readonly string[],
  now: Date,
): Promise<Signer | undefined> {
  const row = holding(await selectSigner(db, agentId, now, ...nonces));
  if (row === undefined) return undefined;
  const { spent_nonces: spent, ...agent } = row;
  return { agent, spent, holdings: null };
}

/** The same with what the agent has at hand and what its jobs hold of it, which costs less than a statement of its own. */
export async function findSignerWithHoldings(
  db: Db,
  agentId: string,
  nonces: readonly string[],
  now: Date,
): Promise<Signer | undefined> {
  const row = holding(await selectSignerWithHoldings(db, agentId, now, ...nonces));
  if (row === undefined) return undefined;
  const { spent_nonces: spent, available, escrow, bonds, ...agent } = row;
  return { agent, spent, holdings: { available, escrow, bonds } };
}

/** The row found, of an agent that still holds its key. */
const holding = <Row extends AgentRow>([row]: readonly Row[]): Row | undefined =>
  row?.displaced_at === null ? row : undefined;

const signerQuery = (db: Db, agentId: string, now: Date, ...nonces: string[]) =>
  db
    .selectFrom('agents')
    .selectAll()
    .select(
      sql<string[]>`ARRAY(SELECT nonces.nonce FROM nonces WHERE nonces.agent_id = ${agentId}::uuid
        AND ${isOneOf(nonces)} AND nonces.expires_at > ${now})`.as('spent_nonces'),
    )
    .where('agent_id', '=', agentId);

const selectSigner = compileOnce(signerQuery);
const selectSignerWithHoldings = compileOnce((db, agentId: string, now: Date, ...nonces: string[]) =>
  signerQuery(db, agentId, now, ...nonces).select(holdingsColumns),
);

/** Listed one by one, for they are one or two: of an array Postgres guesses ten elements, and would plan anew for each request. */
function isOneOf(nonces: readonly string[]): RawBuilder<boolean> {
  return nonces.length === 0 ? sql`false` : sql`nonces.nonce IN (${sql.join(nonces)})`;
}
