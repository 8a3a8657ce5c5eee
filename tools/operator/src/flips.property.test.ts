import { findLedgerFaults } from '@agent-registry/db';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RawBuilder, sql } from 'kysely';
import { findLogFaults } from './audit-log.ts';
import { openMarket, type PlayedMarket } from './testing/played-market.ts';

const RUNS = process.env.LONG_TESTS ? 3_000 : 60;
const TIMEOUT_MS = process.env.LONG_TESTS ? 1_200_000 : 60_000;

/** What settled facts are made of. What else these tables have is for work that is under way. */
const COLUMNS = {
  log_leaves: ['leaf', 'kind', 'subject'],
  log_nodes: ['hash', 'node'],
  log_checkpoints: ['note', 'root', 'size', 'previous_size'],
  postings: ['amount', 'balance_after', 'account_id', 'transfer_id'],
  reviews: [
    'review_id',
    'job_id',
    'reviewer_agent_id',
    'reviewee_agent_id',
    'rating',
    'tags',
    'comment',
    'created_at',
  ],
  verification_runs: [
    ...['run_id', 'delivery', 'results', 'deliverable_hash', 'isolation'],
    ...['runner_version', 'runner_digest', 'finished_at'],
  ],
  jobs: [
    'result',
    'price',
    'requirements',
    'acceptance_criteria_hash',
    'settled_at',
    'delivered_at',
    'delivery_count',
  ],
  recalls: ['runner_digest', 'reason', 'verdicts'],
  rejudgements: ['run_id', 'recall_id', 'runner_digest', 'reference'],
} as const;
const PLACES = Object.entries(COLUMNS).flatMap(([table, columns]) =>
  columns.map((column) => ({ table, column })),
);

let market: PlayedMarket;
beforeAll(async () => {
  market = await openMarket();
  await market.wholeJob();
  await market.recalledJob();
  await market.sequence();
  await market.addLeaves(300);
  await market.sequence();
}, TIMEOUT_MS);
afterAll(async () => {
  await market[Symbol.asyncDispose]();
});

interface Flip {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  readonly at: number;
}

/** Another letter or digit in the place of the nth one. */
function changeText(text: string, nth: number): string | null {
  const places = [...text.matchAll(/[0-9a-zA-Z]/g)].map(({ index }) => index);
  const at = places[nth % Math.max(1, places.length)];
  if (at === undefined) return null;
  const next = /[09fFzZ]/.test(text[at]!)
    ? { '0': '1', '9': '8', f: 'e', F: 'E', z: 'y', Z: 'Y' }[text[at]!]!
    : String.fromCharCode(text.charCodeAt(at) + 1);
  return text.slice(0, at) + next + text.slice(at + 1);
}

function changeBytes(bytes: Buffer, nth: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[nth % bytes.length]! ^= 1 << (nth % 8);
  return changed;
}

/** What proves something: of the log's own leaves none is found by its subject. */
const PROVES: Readonly<Record<string, RawBuilder<boolean>>> = {
  subject: sql`kind IN ('key', 'terms', 'escrow_held', 'verdict', 'settlement', 'review', 'recall')`,
};

const UNDO = new Error('undo');

/** Changes one byte where no trigger and no foreign key looks. @returns what the audit says; null where there is nothing to change, or the database refuses. */
async function auditAfter({ table, column, row, at }: Flip): Promise<string[] | null> {
  let found: string[] | null = null;
  const name = sql.ref(column);
  const done = market.superuser.transaction().execute(async (trx) => {
    await sql`SET LOCAL session_replication_role = replica`.execute(trx);
    const { rows } = await sql<{ place: string; type: string; text: string; bytes: Buffer | null }>`
        SELECT ctid::text AS place, pg_typeof(${name})::text AS type, ${name}::text AS text,
          CASE WHEN pg_typeof(${name}) = 'bytea'::regtype THEN decode(substr(${name}::text, 3), 'hex') END AS bytes
        FROM ${sql.table(table)} WHERE ${name} IS NOT NULL AND ${PROVES[column] ?? sql`true`} ORDER BY ctid`.execute(
      trx,
    );
    const chosen = rows[row % Math.max(1, rows.length)];
    if (chosen === undefined) throw UNDO;
    const value = chosen.bytes === null ? changeText(chosen.text, at) : changeBytes(chosen.bytes, at);
    if (value === null) throw UNDO;
    const cast = sql.raw(chosen.type);
    await sql`UPDATE ${sql.table(table)} SET ${name} = ${value}::${cast} WHERE ctid = ${chosen.place}::tid`.execute(
      trx,
    );
    const faults = [...(await findLedgerFaults(trx)), ...(await findLogFaults(trx))];
    found = faults.map(({ rule }) => rule);
    throw UNDO;
  });
  await done.catch((error: unknown) => {
    // A value that the column does not take, or takes once: the database itself finds it.
    const { code = '' } = error as { code?: string };
    if (error !== UNDO && !/^2[23]/.test(code)) throw error;
  });
  return found;
}

test('a market that nobody touched has no faults', async () => {
  const { db } = market.database;
  expect([...(await findLedgerFaults(db)), ...(await findLogFaults(db))]).toEqual([]);
});

test(
  'a byte that is changed anywhere in what settled facts are made of is found by the audit',
  async () => {
    let landed = 0;
    const number = fc.nat({ max: 100_000 });
    const flips = fc.record({ place: fc.constantFrom(...PLACES), row: number, at: number });
    await fc.assert(
      fc.asyncProperty(flips, async ({ place, row, at }) => {
        const rules = await auditAfter({ ...place, row, at });
        if (rules === null) return;
        landed += 1;
        expect({ ...place, row, at, found: rules.length > 0 }).toEqual({ ...place, row, at, found: true });
      }),
      { numRuns: RUNS },
    );
    expect(landed).toBeGreaterThan(RUNS / 2);
  },
  TIMEOUT_MS,
);
