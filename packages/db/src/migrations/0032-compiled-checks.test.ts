import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';

/** The CHECKs of each table before this migration, in its words. */
const BEFORE = {
  jobs: [
    "status IN ('proposed', 'negotiating', 'agreed', 'funded', 'in_progress', 'delivered', 'verifying', 'completed', 'failed', 'disputed', 'resolved', 'cancelled')",
    'price > 0 AND price <= 100000000',
    'client_abort_penalty BETWEEN 0 AND price',
    'seller_abort_penalty BETWEEN 0 AND price',
    'fee_rate_ppm BETWEEN 0 AND 999999',
    "fee_rule IN ('half_even', 'up')",
    'max_rounds BETWEEN 1 AND 20',
    'current_round BETWEEN 0 AND max_rounds',
    "escrow_status IN ('held', 'released', 'refunded', 'split')",
    "resolved_by IN ('operator', 'agreement', 'time')",
    'client_agent_id <> seller_agent_id',
    'funded_at IS NULL OR delivery_deadline IS NOT NULL',
    'funded_at IS NULL OR (fee_rate_ppm IS NOT NULL AND escrow_id IS NOT NULL AND escrow_status IS NOT NULL)',
    "status NOT IN ('funded', 'in_progress', 'delivered', 'verifying', 'completed', 'failed', 'disputed', 'resolved') OR funded_at IS NOT NULL",
    "status NOT IN ('completed', 'resolved', 'cancelled') OR settled_at IS NOT NULL",
    "status IN ('completed', 'resolved', 'cancelled', 'failed') OR settled_at IS NULL",
    '(acceptance_criteria IS NULL) = (acceptance_criteria_hash IS NULL)',
  ],
  accounts: [
    "kind IN ('agent', 'escrow', 'bond', 'fees', 'mint')",
    'balance >= 0',
    "(kind IN ('fees', 'mint')) = (balance IS NULL)",
    "(kind IN ('fees', 'mint')) = (owner_id IS NULL)",
  ],
  log_leaves: [
    "kind IN ('genesis', 'policy', 'key', 'terms', 'escrow_held', 'verdict', 'settlement', 'review', 'totals', 'recall', 'log_key', 'restored')",
    'octet_length(leaf) BETWEEN 2 AND 2048',
    'log_index >= 0',
  ],
  outbox: ["kind IN ('webhook', 'verification', 'timer', 'criteria_check', 'agent_card', 'rejudgement')"],
  webhook_deliveries: ["status IN ('pending', 'delivered', 'failed')"],
} as const;
type Table = keyof typeof BEFORE;

const ID = '00000000-0000-7000-8000-00000000000';
const TIME = '2026-01-01T00:00:00Z';
/** A row that all rules allow. */
const SOUND: Record<Table, Record<string, unknown>> = {
  jobs: {
    job_id: `${ID}1`,
    client_agent_id: `${ID}2`,
    seller_agent_id: `${ID}3`,
    status: 'proposed',
    price: 100,
    client_abort_penalty: 0,
    seller_abort_penalty: 100,
    max_rounds: 20,
    current_round: 0,
    last_offer_by: `${ID}2`,
    last_offer_at: TIME,
    verdict_fail_step_ms: 5_000,
    created_at: TIME,
    updated_at: TIME,
  },
  accounts: { account_id: `${ID}1`, kind: 'agent', owner_id: `${ID}2`, balance: 0 },
  log_leaves: { leaf_id: `${ID}1`, kind: 'terms', subject: 'it', leaf: Buffer.from('{}'), created_at: TIME },
  outbox: {
    outbox_id: `${ID}1`,
    kind: 'timer',
    subject: 'it',
    cycle: 1,
    attempt: 1,
    due_at: TIME,
    check_at: TIME,
    created_at: TIME,
  },
  webhook_deliveries: {
    delivery_id: `${ID}1`,
    event_id: `${ID}2`,
    agent_id: `${ID}3`,
    event_type: 'ping',
    status: 'pending',
    created_at: TIME,
  },
};
const words = (text: string) => [...text.split(' '), 'another', ''];
const times = [null, TIME];
/** What the columns that rules are about may be given. */
const VALUES: Record<Table, Record<string, readonly unknown[]>> = {
  jobs: {
    status: words(
      'proposed negotiating agreed funded in_progress delivered verifying completed failed disputed resolved cancelled',
    ),
    price: [-1, 0, 1, 100, 100_000_000, 100_000_001],
    client_abort_penalty: [-1, 0, 1, 100, 101],
    seller_abort_penalty: [-1, 0, 1, 100, 101],
    fee_rate_ppm: [null, -1, 0, 25_000, 999_999, 1_000_000],
    fee_rule: words('half_even up'),
    max_rounds: [0, 1, 20, 21],
    current_round: [-1, 0, 1, 20, 21],
    escrow_status: [null, ...words('held released refunded split')],
    resolved_by: [null, ...words('operator agreement time')],
    client_agent_id: [`${ID}2`, `${ID}3`],
    escrow_id: [null, `${ID}4`],
    acceptance_criteria: [null, '{}'],
    acceptance_criteria_hash: [null, 'hash'],
    delivery_deadline: times,
    funded_at: times,
    settled_at: times,
  },
  accounts: {
    kind: words('agent escrow bond fees mint'),
    owner_id: [null, `${ID}2`],
    balance: [null, -1, 0, 1],
  },
  log_leaves: {
    kind: words(
      'genesis policy key terms escrow_held verdict settlement review totals recall log_key restored',
    ),
    leaf: [0, 1, 2, 2_048, 2_049].map((bytes) => Buffer.alloc(bytes, ' ')),
    log_index: [null, -1, 0, 1],
  },
  outbox: { kind: words('webhook verification timer criteria_check agent_card rejudgement') },
  webhook_deliveries: { status: words('pending delivered failed') },
};

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url('superuser') });
  await client.connect();
  await client.query('SET session_replication_role = replica'); // The rows have no parties: what is tried is the CHECKs.
  for (const [table, checks] of Object.entries(BEFORE)) {
    await client.query(
      `CREATE TEMP TABLE before_${table} (LIKE ${table} INCLUDING DEFAULTS INCLUDING IDENTITY)`,
    );
    if (table === 'log_leaves')
      await client.query('ALTER TABLE before_log_leaves ALTER leaf_hash DROP NOT NULL');
    for (const check of checks) await client.query(`ALTER TABLE before_${table} ADD CHECK (${check})`);
  }
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const DUPLICATE = '23505';

/** Which SQLSTATE a table answers such a row with; null when it takes it, or has one like it already. Nothing is left of it. */
async function refusal(table: string, row: Record<string, unknown>): Promise<string | null> {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await client.query('BEGIN');
  try {
    await client.query(
      `INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()})`,
      Object.values(row),
    );
    return null;
  } catch (error) {
    const { code } = error as pg.DatabaseError;
    return code === DUPLICATE ? null : (code ?? 'no code');
  } finally {
    await client.query('ROLLBACK');
  }
}

const rowOf = (table: Table) =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(VALUES[table]).map(([column, values]) => [column, fc.constantFrom(...values)]),
      ),
      { requiredKeys: [] },
    )
    .map((changed) => ({ ...SOUND[table], ...changed }));

test.each(Object.keys(BEFORE) as Table[])(
  'a row of %s is refused exactly where the CHECKs before refused it',
  async (table) => {
    expect(await refusal(table, SOUND[table])).toBeNull();
    const checked = fc.asyncProperty(rowOf(table), async (row) => {
      expect(await refusal(table, row)).toBe(await refusal(`before_${table}`, row));
    });
    await fc.assert(checked, { numRuns: 300 });
  },
);

test.each(
  (Object.keys(BEFORE) as Table[]).flatMap((table) =>
    Object.entries(VALUES[table]).flatMap(([column, values]) =>
      values.map((value) => ({ table, column, value })),
    ),
  ),
)(
  '$table takes $value as $column exactly where it did before this migration',
  async ({ table, column, value }) => {
    const row = { ...SOUND[table], [column]: value };
    expect(await refusal(table, row)).toBe(await refusal(`before_${table}`, row));
  },
);

test('the error of a broken rule names the rule', async () => {
  const insert = client.query('UPDATE accounts SET balance = -1');
  await expect(insert).rejects.toMatchObject({ code: '23514', constraint: 'accounts_balance' });
});
