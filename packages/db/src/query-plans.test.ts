import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { createDb, type Db, SERVICE_SETTINGS, SESSION_SETTINGS, type Tx } from './create-db.ts';
import * as queries from './index.ts';
import type { Database, EventRow } from './tables/index.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { type FilledRegistry, fillRegistry, ROWS } from './testing/registry-fixture.ts';

/** Rows that one query may look at, however many there are: a page, its count and what they join. */
const ROWS_MAX = 6_000;
/** Pages of 8 KiB that one query may touch, however many there are. */
const PAGES_MAX = 30_000;
const FILL_TIMEOUT_MS = 120_000 + 2 * ROWS;
const QUERY_TIMEOUT_MS = 300_000;
/** Where the drill `growth` has what each query costs written, as lines of JSON. */
const FIGURES = process.env.GROWTH_FIGURES;
/** Of so many runs the fastest is told: the first finds little in memory. */
const FIGURE_RUNS = 3;
/** Tables that do not grow with use may be read whole. */
const SMALL_TABLES = new Set([
  'deployment_facts',
  'fee_sums',
  'kysely_migration',
  'kysely_migration_lock',
  'ledger_sums',
  'recalls',
]);

/** Tables whose rows go again, so that they may have none. */
const QUEUES = [
  'criteria_checks',
  'fee_sums',
  'hourly_counts',
  'idempotency_keys',
  'kept_bytes',
  'nonces',
  'outbox',
  'search_changes',
  'written_bytes',
];

let database: TestDatabase;
let api: Db;
let dispatcher: Db;
let ids: FilledRegistry;
const sent: CompiledQuery[] = [];
/** Which queries sent each of the statements that were explained. */
const explainedTexts = new Map<string, string[]>();

/** As a service connects, but noting what it sends. */
function open(role: 'registry_api' | 'registry_dispatcher'): Db {
  const options = SESSION_SETTINGS.map((setting) => `-c ${setting}`).join(' ');
  const pool = new pg.Pool({ connectionString: database.url(role), max: 1, options });
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log: (event) => void (event.level === 'query' && sent.push(event.query)),
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  const superuser = createDb({ url: database.url('superuser'), poolMax: 1 });
  ids = await fillRegistry(superuser);
  await superuser.destroy();
  api = open('registry_api');
  dispatcher = open('registry_dispatcher');
}, FILL_TIMEOUT_MS);
afterAll(async () => {
  await Promise.all([api.destroy(), dispatcher.destroy()]);
  await database.drop();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Rows that a scan looked at, those that it threw away included. */
function looked(node: PlanNode): number {
  if (node['Relation Name'] === undefined) return 0;
  const rows = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
  return (rows + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops'];
}

interface Explained {
  /** What is wrong with how Postgres answers. */
  readonly faults: readonly string[];
  readonly pages: number;
  readonly ms: number;
}

async function explainQuery(trx: Tx, query: CompiledQuery): Promise<Explained> {
  const { rows } = await trx.executeQuery<{
    'QUERY PLAN': readonly [{ Plan: PlanNode; 'Execution Time': number }];
  }>({ ...query, sql: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${query.sql}` });
  const { Plan: root, 'Execution Time': ms } = rows[0]!['QUERY PLAN'][0];
  const nodes = nodesOf(root);
  const whole = nodes.filter(
    (node) => node['Node Type'] === 'Seq Scan' && !SMALL_TABLES.has(node['Relation Name'] ?? ''),
  );
  const total = nodes.reduce((sum, node) => sum + looked(node), 0);
  const pages = root['Shared Hit Blocks'] + root['Shared Read Blocks'];
  const faults = [
    ...whole.map((node) => `scans ${node['Relation Name']} where ${node.Filter ?? 'anything'}: ${query.sql}`),
    ...(total > ROWS_MAX ? [`looks at ${total} rows: ${query.sql}`] : []),
    ...(pages > PAGES_MAX ? [`touches ${pages} pages: ${query.sql}`] : []),
  ];
  return { faults, pages, ms };
}

/** Runs the work in a transaction that is undone. */
async function undone(db: Db, work: (trx: Tx) => Promise<unknown>): Promise<void> {
  const undo = new Error('undo');
  const run = db.transaction().execute(async (trx) => {
    await work(trx);
    throw undo;
  });
  await run.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
}

/** Runs the work in a transaction that is undone, and explains each of its statements: their faults, and what they cost together. */
async function explain(
  db: Db,
  work: (trx: Tx) => Promise<unknown>,
  name: string | null = null,
): Promise<Explained> {
  const explained: Explained[] = [];
  await undone(db, async (trx) => {
    await sql`SAVEPOINT before`.execute(trx);
    sent.length = 0;
    await work(trx);
    // What it has written, it can write again.
    await sql`ROLLBACK TO before`.execute(trx);
    const statements = sent.filter(({ sql: text }) =>
      /^\s*(select|with|insert|update|delete|\()/i.test(text),
    );
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      explained.push(await explainQuery(trx, statement));
      if (name !== null && !MAY_READ_ALL_EARLY.has(name))
        explainedTexts.set(statement.sql, [...(explainedTexts.get(statement.sql) ?? []), name]);
    }
  });
  return {
    faults: explained.flatMap(({ faults }) => faults),
    pages: explained.reduce((sum, { pages }) => sum + pages, 0),
    ms: explained.reduce((sum, { ms }) => sum + ms, 0),
  };
}

/** Adds what the calls of a query cost to the drill's file: the most that any of them does. */
async function noteFigures(query: string, db: Db, each: readonly Call[]): Promise<void> {
  if (FIGURES === undefined) return;
  const costs = [];
  for (const call of each) {
    const runs = [];
    for (let run = 0; run < FIGURE_RUNS; run += 1) runs.push(await explain(db, call));
    costs.push(runs.reduce((best, one) => (one.ms < best.ms ? one : best)));
  }
  const ms = Math.max(...costs.map((cost) => cost.ms));
  const pages = Math.max(...costs.map((cost) => cost.pages));
  appendFileSync(FIGURES, `${JSON.stringify({ query, rows: ROWS, ms, pages })}\n`);
}

const NOW = new Date('2026-01-10T00:00:00Z');
const HOUR = new Date('2026-01-02T00:00:00Z');
const LATE = new Date('2026-03-01T00:00:00Z');
const ABSENT = '00000000-0000-7000-8000-00000000dead';
const RECALL = { recall_id: '00000000-0000-7000-8020-000000000010', runner_digest: 'digest 10' };
type Call = (trx: Tx) => Promise<unknown>;

/** A list's first page, one by a place half-way down, one by an offset. */
function pages(list: (trx: Tx, page: queries.KeysetPage) => Promise<unknown>): Call[] {
  const after = { at: new Date('2026-01-07T00:00:00Z'), id: ABSENT };
  return [
    (trx) => list(trx, { limit: 21, offset: 0, after: null }),
    (trx) => list(trx, { limit: 21, offset: 0, after }),
    (trx) => list(trx, { limit: 21, offset: 1_000, after: null }),
  ];
}

/** Searches of all sellers, or of those seen after a moment. */
function discoveries(onlineSince?: Date): Call[] {
  const place = { relevance: 1, reputation: 2.5, price: 400n, listingId: ABSENT };
  const filters: queries.DiscoverFilter[] = [
    {},
    { skillId: 'skill-3-1' },
    { minRating: 4 },
    { maxPrice: 20n },
    { skillId: 'skill-3-1', maxPrice: 20n, minRating: 1 },
    { capability: 'any' },
    { capability: 'cap-7', maxPrice: 20n },
    { q: 'everywhere' },
    { q: 'word7' },
    { q: 'everywhere word7' },
    { q: 'everywere' },
    { q: 'zzyzxquux' },
    { q: 'the' },
    { q: '請求書処理' },
    { q: 'everywhere any agent skill word7 word8' },
    { q: 'everywhere', minRating: 4.9, maxPrice: 20n },
    { q: 'everywhere', skillId: 'skill-3-1', capability: 'cap-7' },
  ];
  return filters.flatMap((words): Call[] => {
    const filter = { ...words, ...(onlineSince && { onlineSince }) };
    return [
      (trx) => queries.discoverListings(trx, filter, { limit: 21, offset: 0 }),
      (trx) => queries.discoverListings(trx, filter, { limit: 21, offset: 0, after: { ...place, tier: 0 } }),
      (trx) => queries.discoverListings(trx, filter, { limit: 21, offset: 0, after: { ...place, tier: 1 } }),
      (trx) => queries.discoverListings(trx, filter, { limit: 21, offset: 1_000 }),
    ];
  });
}

const statuses = ['completed', 'disputed', 'proposed'] as const;
const roles = [null, 'client', 'seller'] as const;
const reviewRoles = [null, 'client_reviewing_seller'] as const;
const jobFilters = () =>
  roles.flatMap((role) => [null, ...statuses].map((status) => ({ agentId: ids.agentId, role, status })));
const attempt = () => ({ deliveryId: ids.deliveryId, cycle: 1, attempt: 1 });
const outboxName = () => ({ kind: 'webhook' as const, subject: ids.deliveryId, cycle: 1, attempt: 1 });
const range = () => ({
  agentId: ids.agentId,
  since: new Date('2026-01-02T00:00:00Z'),
  until: LATE,
  events: null,
  after: null,
});
/** Of every kind one. */
function consequences(): queries.Consequences {
  const event: EventRow = {
    event_id: ABSENT,
    job_id: ids.jobId,
    type: 'job.started',
    body: '{}',
    created_at: NOW,
  };
  const entry = { outbox_id: ABSENT, kind: 'timer', cycle: 1, attempt: 1, job_id: ids.jobId } as const;
  return {
    events: [event],
    deliveries: [{ delivery_id: ABSENT, outbox_id: ids.listingId, agent_id: ids.agentId, event }],
    entries: [{ ...entry, subject: `${ids.jobId}:delivery_deadline`, due_at: LATE }],
    oldTimers: [`${ids.jobId}:deadline`, `${ids.jobId}:proposal_expiry`],
    keptBytes: [{ agent_id: ids.agentId, subject: 'job:10', bytes: 1, expires_at: null }],
    writtenBytes: { agent_id: ids.agentId, hour: HOUR, address: 'address 10', bytes: 1, most: 1_000_000_000 },
    leaves: [],
    salts: [],
  };
}

/** How each query that reads is asked; a function, because the ids come later. */
const calls: Readonly<Record<string, () => Call[]>> = {
  discoverListings: () => discoveries(),
  'discoverListings of all who were ever seen': () => discoveries(new Date('2025-12-31T00:00:00Z')),
  'discoverListings of those seen lately': () => discoveries(HOUR),
  'discoverListings of nobody': () => discoveries(LATE),
  findAgent: () => [(trx) => queries.findAgent(trx, ids.agentId)],
  lockAgent: () => [(trx) => queries.lockAgent(trx, ids.agentId)],
  lockAgentAndKey: () => [(trx) => queries.lockAgentAndKey(trx, ids.agentId)],
  lockPublicKey: () => [(trx) => queries.lockPublicKey(trx, 'a'.repeat(64))],
  lockAgentsForShare: () => [(trx) => queries.lockAgentsForShare(trx, [ids.agentId, ABSENT])],
  lockPartiesForShare: () => [
    (trx) => queries.lockPartiesForShare(trx, { jobId: ids.jobId, agentId: ids.agentId }, ['agreed']),
  ],
  findKeyHolder: () =>
    [null, ids.agentId].map((except) => (trx) => queries.findKeyHolder(trx, 'a'.repeat(64), except)),
  findSigner: () => [(trx) => queries.findSigner(trx, ids.agentId, ['nonce10', 'sig:11'], NOW)],
  findSignerWithHoldings: () => [
    (trx) => queries.findSignerWithHoldings(trx, ids.agentId, ['nonce10', 'sig:11'], NOW),
  ],
  findKeptAnswer: () => [(trx) => queries.findKeptAnswer(trx, ids.agentId, 'key10', NOW)],
  findDeploymentFact: () => [(trx) => queries.findDeploymentFact(trx, 'any')],
  findJob: () => [(trx) => queries.findJob(trx, ids.jobId)],
  lockJob: () => [(trx) => queries.lockJob(trx, ids.jobId)],
  listJobsOf: () =>
    jobFilters().flatMap((filter) => pages((trx, page) => queries.listJobsOf(trx, filter, page))),
  countJobsOf: () => jobFilters().map((filter) => (trx) => queries.countJobsOf(trx, filter, 1_000)),
  listJobsByStatus: () =>
    statuses.flatMap((status) => pages((trx, page) => queries.listJobsByStatus(trx, status, page))),
  countJobsByStatus: () => statuses.map((status) => (trx) => queries.countJobsByStatus(trx, status, 1_000)),
  listNegotiationEntries: () => [(trx) => queries.listNegotiationEntries(trx, [ids.jobId, ABSENT])],
  lockJobsOf: () => [
    (trx) => queries.lockJobsOf(trx, ids.agentId, ['proposed', 'negotiating', 'agreed'], 1_001),
  ],
  lockListing: () => [(trx) => queries.lockListing(trx, ids.listingId)],
  findNewestReviewTime: () => [(trx) => queries.findNewestReviewTime(trx, ids.agentId)],
  listRatings: () => [
    ...[true, false].map((byFees) => (trx: Tx) => {
      const of = { agentId: ids.agentId, role: 'client_reviewing_seller', until: NOW, byFees } as const;
      return queries.listRatings(trx, of, 2_000);
    }),
  ],
  listUnweighedReviews: () => [(trx) => queries.listUnweighedReviews(trx, ids.agentId, 1_000)],
  listWebhookSources: () => [(trx) => queries.listWebhookSources(trx, [ids.deliveryId, ABSENT])],
  lockProposals: () => [(trx) => queries.lockProposals(trx, ids.agentId)],
  countOpenProposals: () => [
    (trx) =>
      queries.countOpenProposals(
        trx,
        { clientId: ids.agentId, sellerId: ABSENT },
        ['proposed', 'negotiating'],
        100,
      ),
  ],
  findJobOfEvent: () => [(trx) => queries.findJobOfEvent(trx, ids.eventId)],
  findHourlyRest: () => [(trx) => queries.findHourlyRest(trx, { name: 'name 10', limit: 20 }, HOUR)],
  findStorageUsage: () => [
    (trx) => queries.findStorageUsage(trx, { agentId: ids.agentId, address: 'address 10', hour: HOUR }, NOW),
  ],
  findBalance: () => [(trx) => queries.findBalance(trx, { kind: 'agent', ownerId: ids.agentId })],
  // Of each number of accounts there is one statement.
  lockAccounts: () =>
    [1, 2, 3, 4].map((count) => (trx: Tx) => {
      const { agentId, jobId } = ids;
      const keys = [
        { kind: 'agent', ownerId: agentId },
        { kind: 'escrow', ownerId: jobId },
        { kind: 'bond', ownerId: jobId },
        { kind: 'agent', ownerId: ABSENT },
      ] as const;
      return queries.lockAccounts(trx, keys.slice(0, count));
    }),
  lockFees: () => [(trx) => queries.lockFees(trx)],
  findLedgerSums: () => [
    (trx) => queries.findLedgerSums(trx, 1_000),
    (trx) => queries.findLedgerSums(trx, 10),
  ],
  findLedgerEnd: () => [(trx) => queries.findLedgerEnd(trx)],
  lockLedgerSums: () => [(trx) => queries.lockLedgerSums(trx)],
  keepLedgerEnd: () => [
    (trx) => queries.keepLedgerEnd(trx, { posting_id: 1_000n, account_number: 1_000n }, NOW),
  ],
  listBegunTransfers: () => [
    (trx) => queries.listBegunTransfers(trx, { after: 0n, until: BigInt(2 * ROWS) }, 1_000),
  ],
  countAccounts: () => [(trx) => queries.countAccounts(trx, { after: 1_000n, until: 2_000n })],
  sumTransfers: () => [(trx) => queries.sumTransfers(trx, ids.transferIds)],
  findTransferFaults: () => [(trx) => queries.findTransferFaults(trx, ids.transferIds)],
  findHoldings: () => [(trx) => queries.findHoldings(trx, ids.agentId)],
  countFundedJobsOf: () => [(trx) => queries.countFundedJobsOf(trx, ids.agentId)],
  listAudit: () => pages(queries.listAudit),
  countAudit: () => [(trx) => queries.countAudit(trx, 1_000)],
  listEventsOfJob: () => pages((trx, page) => queries.listEventsOfJob(trx, ids.jobId, page)),
  countEventsOfJob: () => [(trx) => queries.countEventsOfJob(trx, ids.jobId, 1_000)],
  findListing: () => [(trx) => queries.findListing(trx, ids.listingId)],
  listListingsOf: () =>
    [true, false].flatMap((active) =>
      pages((trx, page) => queries.listListingsOf(trx, ids.agentId, active, page)),
    ),
  countListingsOf: () =>
    [true, false].map((active) => (trx) => queries.countListingsOf(trx, ids.agentId, active, 1_000)),
  listOpenListings: () =>
    [null, 'skill-3-1'].flatMap((skill) => pages((trx, page) => queries.listOpenListings(trx, skill, page))),
  countOpenListings: () =>
    [null, 'skill-3-1'].map((skill) => (trx) => queries.countOpenListings(trx, skill, 1_000)),
  listReviewsReceived: () =>
    reviewRoles.flatMap((role) =>
      pages((trx, page) => queries.listReviewsReceived(trx, ids.agentId, role, page)),
    ),
  countReviewsReceived: () =>
    reviewRoles.map((role) => (trx) => queries.countReviewsReceived(trx, ids.agentId, role, 1_000)),
  listReviewsOfJob: () => pages((trx, page) => queries.listReviewsOfJob(trx, ids.jobId, page)),
  listTopTags: () => [(trx) => queries.listTopTags(trx, ids.agentId, 10)],
  findRun: () => [(trx) => queries.findRun(trx, ids.jobId, 1)],
  listRuns: () => pages((trx, page) => queries.listRuns(trx, ids.jobId, page)),
  countRuns: () => [(trx) => queries.countRuns(trx, ids.jobId, 1_000)],
  listRunsOfRunner: () =>
    [null, ids.runId].map(
      (after) => (trx) => queries.listRunsOfRunner(trx, 'digest 7', { after, limit: 100 }),
    ),
  findRecall: () => [(trx) => queries.findRecall(trx, RECALL.recall_id)],
  findRecallOfRunner: () => [(trx) => queries.findRecallOfRunner(trx, RECALL.runner_digest)],
  listRecalls: () => pages((trx, page) => queries.listRecalls(trx, page)),
  countRecalls: () => [(trx) => queries.countRecalls(trx, 1_000)],
  countVerdictsOf: () => [(trx) => queries.countVerdictsOf(trx, RECALL.runner_digest)],
  countRejudgements: () => [(trx) => queries.countRejudgements(trx, [RECALL.recall_id])],
  lockRecall: () => [(trx) => queries.lockRecall(trx, RECALL.recall_id)],
  lockRejudgementSlot: () => [(trx) => queries.lockRejudgementSlot(trx)],
  listRecalledVerdicts: () =>
    [null, ['turned'] as const].flatMap((statuses) =>
      pages((trx, page) => queries.listRecalledVerdicts(trx, RECALL, statuses, page)),
    ),
  countRecalledVerdicts: () =>
    [null, ['turned'] as const].map(
      (statuses) => (trx) => queries.countRecalledVerdicts(trx, RECALL, statuses, 1_000),
    ),
  findRecalledVerdict: () => [(trx) => queries.findRecalledVerdict(trx, RECALL.runner_digest, ids.runId)],
  listRejudgeable: () => [(trx) => queries.listRejudgeable(trx, RECALL.runner_digest, [ids.runId])],
  lockRejudgement: () => [(trx) => queries.lockRejudgement(trx, ids.runId)],
  countWaitingRejudgements: () => [(trx) => queries.countWaitingRejudgements(trx, RECALL.recall_id, 3_600)],
  isOtherLeased: () =>
    (['criteria_check', 'rejudgement'] as const).map(
      (kind) => (trx) => queries.isOtherLeased(trx, kind, { id: ABSENT, now: HOUR }),
    ),
  findWorkStart: () => [1, 2].map((delivery) => (trx) => queries.findWorkStart(trx, ids.jobId, delivery)),
  listAgentPostings: () => [(trx) => queries.listAgentPostings(trx, 'reference 7')],
  listRejudgementsOfJob: () => [(trx) => queries.listRejudgementsOfJob(trx, ids.jobId)],
  lockJobOfRun: () => [(trx) => queries.lockJobOfRun(trx, ids.runId)],
  lockRunRow: () => [(trx) => queries.lockRunRow(trx, ids.runId)],
  findDecidedRun: () => [(trx) => queries.findDecidedRun(trx, ids.jobId)],
  findAgentCard: () => [(trx) => queries.findAgentCard(trx, ids.agentId)],
  lockAgentCard: () => [(trx) => queries.lockAgentCard(trx, ids.agentId)],
  findCheck: () => [(trx) => queries.findCheck(trx, ABSENT)],
  lockCheck: () => [(trx) => queries.lockCheck(trx, ABSENT)],
  lockChecksOfAgent: () => [(trx) => queries.lockChecksOfAgent(trx, ids.agentId)],
  lockRunnerTurns: () => [(trx) => queries.lockRunnerTurns(trx)],
  lockCheckSlot: () => [(trx) => queries.lockCheckSlot(trx)],
  listCheckUse: () => [(trx) => queries.listCheckUse(trx, ids.agentId, HOUR)],
  listCheckSteps: () => [(trx) => queries.listCheckSteps(trx, ABSENT)],
  sumCheckTime: () => [(trx) => queries.sumCheckTime(trx, LATE)],
  findProof: () => [
    (trx) =>
      queries.findProof(trx, { proofId: ABSENT, agentId: ids.agentId, criteriaHash: 'hash', now: HOUR }),
  ],
  listWaitingRuns: () => [
    (trx) => queries.listWaitingRuns(trx, { since: HOUR, now: NOW, ownRunId: ids.runId }),
  ],
  findDueFail: () => [(trx) => queries.findDueFail(trx, { since: HOUR, now: NOW, ownRunId: ids.runId })],
  listLaneUse: () => [(trx) => queries.listLaneUse(trx, HOUR, NOW)],
  hasPaidFees: () =>
    (['client', 'party'] as const).map((as) => (trx) => queries.hasPaidFees(trx, ids.agentId, HOUR, as)),
  listEvidence: () => pages((trx, page) => queries.listEvidence(trx, ids.jobId, page)),
  countEvidence: () => [(trx) => queries.countEvidence(trx, ids.jobId, 1_000)],
  findEvidence: () => [(trx) => queries.findEvidence(trx, ids.jobId, ABSENT)],
  countJobsByState: () => [
    (trx) => queries.countJobsByState(trx, ids.agentId, ['proposed', 'completed'], 1_000),
  ],
  countLimited: () => [(trx) => queries.countLimited(trx, ids.agentId, HOUR)],
  listDeliveryRows: () => pages((trx, page) => queries.listDeliveryRows(trx, ids.agentId, page)),
  countDeliveries: () => [(trx) => queries.countDeliveries(trx, ids.agentId, 1_000)],
  listMarketFigures: () => [
    (trx) => queries.listMarketFigures(trx, 'hour', { startsAt: HOUR, endsAt: NOW }, 100),
  ],
  findHiddenCases: () => [(trx) => queries.findHiddenCases(trx, ids.jobId)],
  listTransactions: () =>
    [null, 15_000n].map(
      (before) => (trx) => queries.listTransactions(trx, ids.agentId, { limit: 21, offset: 0, before }),
    ),
  countTransactions: () => [(trx) => queries.countTransactions(trx, ids.agentId, 1_000)],
  findDelivery: () => [(trx) => queries.findDelivery(trx, ids.deliveryId)],
  lockDelivery: () => [(trx) => queries.lockDelivery(trx, ids.deliveryId)],
  findDeliveryTarget: () => [(trx) => queries.findDeliveryTarget(trx, ids.deliveryId)],
  lockDeliveryTarget: () => [(trx) => queries.lockDeliveryTarget(trx, ids.deliveryId)],
  findDeliveryWithBody: () => [(trx) => queries.findDeliveryWithBody(trx, ids.deliveryId)],
  findAttempt: () => [(trx) => queries.findAttempt(trx, attempt())],
  listAttempts: () => [(trx) => queries.listAttempts(trx, [ids.deliveryId, ABSENT])],
  lockEndpoint: () => [(trx) => queries.lockEndpoint(trx, ids.agentId, 'https://example.com/')],
  lockDeliveriesInRange: () => [(trx) => queries.lockDeliveriesInRange(trx, range(), 100)],
  countDeliveriesInRange: () => [(trx) => queries.countDeliveriesInRange(trx, range(), 1_000)],
  listDeliveries: () =>
    ([null, 'failed', 'pending'] as const).flatMap((status) =>
      pages((trx, page) => queries.listDeliveries(trx, ids.agentId, status, page)),
    ),
  listFailedDeliveries: () =>
    [null, ids.agentId].flatMap((agentId) =>
      pages((trx, page) => queries.listFailedDeliveries(trx, agentId, page)),
    ),
  countFailedDeliveries: () =>
    [null, ids.agentId].map((agentId) => (trx) => queries.countFailedDeliveries(trx, agentId, 1_000)),
  listDeliveriesUnderWay: () => [(trx) => queries.listDeliveriesUnderWay(trx, [ids.deliveryId, ABSENT])],
  flushOutbox: () => [(trx) => queries.flushOutbox(trx, consequences(), NOW)],
  findOutbox: () => [(trx) => queries.findOutbox(trx, outboxName())],
  listDueReputations: () =>
    ['1', '2:500:5'].map((formula) => (trx) => queries.listDueReputations(trx, { now: NOW, formula }, 100)),
  // Writes of the sweeps, which look for what is due.
  abandonRuns: () => [(trx) => queries.abandonRuns(trx, ids.jobId, NOW)],
  reopenDeliveries: () => [
    (trx) => queries.reopenDeliveries(trx, [{ deliveryId: ids.deliveryId, outboxId: ABSENT }], NOW),
  ],
  forgetOldChecks: () => [(trx) => queries.forgetOldChecks(trx, NOW, NOW, 100)],
  deleteExpiredProofs: () => [(trx) => queries.deleteExpiredProofs(trx, NOW, 100)],
  mergeFeeSums: () => [(trx) => queries.mergeFeeSums(trx, 100)],
  sweepOutbox: () => [(trx) => queries.sweepOutbox(trx, NOW, 100)],
  deleteExpiredNonces: () => [(trx) => queries.deleteExpiredNonces(trx, NOW, 100)],
  deleteExpiredIdempotencyKeys: () => [(trx) => queries.deleteExpiredIdempotencyKeys(trx, NOW, 100)],
  countSearchTerms: () => [(trx) => queries.countSearchTerms(trx, NOW, 100)],
  deleteUnusedTerms: () => [(trx) => queries.deleteUnusedTerms(trx, NOW, 100)],
  sumFees: () => [(trx) => queries.sumFees(trx)],
  findCellShares: () => [(trx) => queries.findCellShares(trx)],
  deleteOldCounts: () => [(trx) => queries.deleteOldCounts(trx, HOUR, 100)],
  deleteOldBytes: () => [(trx) => queries.deleteOldBytes(trx, { hour: HOUR, now: NOW }, 100)],
  readFeed: () => [
    (trx) => queries.readFeed(trx, ids.agentId, 0n, 100),
    (trx) => queries.readFeed(trx, ids.agentId, 50n, 100),
  ],
  awaitFeed: () => [(trx) => queries.awaitFeed(trx, ids.agentId, NOW)],
  deleteOldDeliveries: () => [(trx) => queries.deleteOldDeliveries(trx, NOW, 100)],
  dropExpiredSecrets: () => [(trx) => queries.dropExpiredSecrets(trx, NOW, 100)],
  applyPendingKeys: () => [(trx) => queries.applyPendingKeys(trx, NOW, 100)],
  deleteOutboxOf: () => [(trx) => queries.deleteOutboxOf(trx, 'webhook', ids.deliveryId)],
  listVerdicts: () => [(trx) => queries.listVerdicts(trx, ids.jobId)],
  listBothReviews: () => [(trx) => queries.listBothReviews(trx, ids.jobId)],
  findJobSalt: () => [(trx) => queries.findJobSalt(trx, ids.jobId)],
  findSaltOfRun: () => [(trx) => queries.findSaltOfRun(trx, ids.runId)],
  listLeavesOfJob: () => [(trx) => queries.listLeavesOfJob(trx, ids.jobId)],
  listLeavesAbout: () => [(trx) => queries.listLeavesAbout(trx, 'key', `${ids.agentId}:`, 100)],
  findNewestLeaf: () => [
    (trx) => queries.findNewestLeaf(trx, 'genesis'),
    (trx) => queries.findNewestLeaf(trx, 'totals'),
  ],
  findLastLeaf: () => [(trx) => queries.findLastLeaf(trx, 'policy')],
  listJobPostings: () => [(trx) => queries.listJobPostings(trx, ids.jobId)],
  lockAgentsToLog: () => [(trx) => queries.lockAgentsToLog(trx, ids.agentId, 100)],
  lockJobsToLog: () => [(trx) => queries.lockJobsToLog(trx, ids.jobId, 100)],
  listReviewsToLog: () => [(trx) => queries.listReviewsToLog(trx, ids.jobId, 100)],
  findLogState: () => [(trx) => queries.findLogState(trx)],
  findNewestCheckpoint: () => [(trx) => queries.findNewestCheckpoint(trx)],
  findPublishedCheckpoint: () => [(trx) => queries.findPublishedCheckpoint(trx)],
  listUnpublishedCheckpoints: () => [(trx) => queries.listUnpublishedCheckpoints(trx, 20)],
  listCosignatures: () => [(trx) => queries.listCosignatures(trx, 100n)],
  listPendingLeaves: () => [(trx) => queries.listPendingLeaves(trx, 1_024)],
  listSequencedLeaves: () => [(trx) => queries.listSequencedLeaves(trx, 256, 512)],
  readLogHashes: () => [
    (trx) =>
      queries.readLogHashes(trx, [
        { level: 0, first: 256, end: 512 },
        { level: 1, first: 0, end: 70 },
      ]),
  ],
  updateLastSeen: () => [(trx) => queries.updateLastSeen(trx, ids.agentId, NOW)],
  takeAttempt: () => [
    (trx) =>
      queries.takeAttempt(trx, attempt(), { token: ABSENT, until: LATE, now: NOW }, 'https://agent.test/'),
  ],
  finishDelivered: () => [
    (trx) =>
      queries.finishDelivered(
        trx,
        {
          ...attempt(),
          token: ABSENT,
          targetUrl: 'https://agent.test/',
          durationMs: 9,
          status: 204,
          response: '',
        },
        { now: NOW, notedSince: HOUR },
      ),
  ],
  insertLedgerEntries: () => [
    (trx) => queries.insertLedgerEntries(trx, { transfers: [], postings: [], balances: [] }),
  ],
};

/** Queries that read everything because that is what they are for; none is behind the public API. */
const READS_EVERYTHING = new Set([
  'findLedgerFaults', // `npm run audit`
  'countLedger',
  'listCheckpoints', // `npm run audit`, of the log
  'listLogNodes',
  'listAgreedJobs',
  'countMarket', // for the front page, up to a bound and kept for a while
  'countAgents', // an operator's search of agents by any part of their names, up to a bound
  'countHoldingJobs', // for operators, up to a bound; jobs that hold money are few
  'listHoldingJobs',
  'countFlows', // once an hour, of that hour
  'findHourToCount',
  'listLoggedRecalls',
  'listLostLeaves',
  'listUnloggedKeys',
  'lockSequencer',
  'sumAccountKinds', // once an hour, for the log
  'lockAgentsSealedOtherwise', // sealing all secrets anew, a batch at a time
  'lockHiddenCasesSealedOtherwise',
  'lockChecksSealedOtherwise',
]);

/** What the dispatcher alone may do. */
const SWEEPS = new Set([
  'deleteOldDeliveries',
  'forgetOldChecks',
  'deleteExpiredProofs',
  'lockCheck',
  'lockLedgerSums',
  'keepLedgerEnd',
]);

/** Postgres plans a statement so many times before it may keep its plan. */
const TRIED_BEFORE_KEPT = 5;
const ON_A_JOBS_WAY = [
  'findSigner',
  'findSignerWithHoldings',
  'lockProposals',
  'countOpenProposals',
  'lockAgentsForShare',
  'lockPartiesForShare',
  'lockJob',
  'lockAccounts',
  'insertLedgerEntries',
  'findJobSalt',
  'flushOutbox',
];

/** Indexes that hold only what waits or is under way: the whole of one is little. */
const SMALL_INDEXES = new Set([
  'jobs_holding_of_client',
  'jobs_holding_of_seller',
  'log_leaves_pending',
  'runs_pending',
]);
/** May read the whole of a table until Postgres has looked at the tables, which it does within a minute. */
const MAY_READ_ALL_EARLY = new Set([
  'findKeyHolder', // once for each registration
  'applyPendingKeys', // the sweep, where a replaced key is due
  'sumTransfers', // what `npm run audit` and the sweep count
]);

/** What takes all that is under it before it gives its first row. */
const TAKES_ALL = /Sort|Aggregate|Hash|WindowAgg|Materialize|ModifyTable/;

/** Tables and indexes of which a plan reads all. Straight under a LIMIT it stops before. */
function readWhole(node: PlanNode, isCut = false): string[] {
  const { 'Node Type': type, 'Index Name': index, 'Relation Name': table = '' } = node;
  const isWhole =
    !isCut &&
    ((type === 'Seq Scan' && !SMALL_TABLES.has(table)) ||
      (type.includes('Index') && node['Index Cond'] === undefined && !SMALL_INDEXES.has(index ?? '')));
  const cutsUnder = type === 'Limit' || (isCut && !TAKES_ALL.test(type));
  const under = (node.Plans ?? []).flatMap((plan) => readWhole(plan, cutsUnder));
  return [...(isWhole ? [index ?? table] : []), ...under];
}

describe('no query looks at a whole table', () => {
  test.each(Object.keys(calls))(
    '%s',
    async (name) => {
      const db = SWEEPS.has(name) ? dispatcher : api;
      const each = calls[name]!();
      for (const call of each) expect((await explain(db, call, name)).faults).toEqual([]);
      await noteFigures(name, db, each);
    },
    QUERY_TIMEOUT_MS,
  );

  test('no query that reads is left out of the check of plans', () => {
    const reads = Object.keys(queries).filter((name) =>
      /^(?:find|list|count|lock|sum|discover)[A-Z]/.test(name),
    );
    expect(reads.filter((name) => calls[name] === undefined && !READS_EVERYTHING.has(name))).toEqual([]);
  });

  // What is queued comes and goes: Postgres looks at it when there is nothing.
  test.each([
    ['before Postgres has looked at a table', null],
    ['when Postgres last saw the queues empty', QUEUES],
  ])('planned %s, no query reads the whole of a table or an index', async (_when, seenEmpty) => {
    const fresh = await createTestDatabase();
    const options = [...SESSION_SETTINGS, ...SERVICE_SETTINGS].map((setting) => `-c ${setting}`).join(' ');
    const client = new pg.Client({ connectionString: fresh.url('superuser'), options });
    const whole: string[] = [];
    try {
      await client.connect();
      if (seenEmpty !== null) await client.query(`VACUUM ANALYZE ${seenEmpty.join()}`);
      for (const [text, names] of explainedTexts) {
        const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
          `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`,
        );
        whole.push(...readWhole(rows[0]!['QUERY PLAN'][0].Plan).map((one) => `${names[0]}: ${one}`));
      }
    } finally {
      await client.end();
      await fresh.drop();
    }
    expect(whole).toEqual([]);
    const explained = new Set([...MAY_READ_ALL_EARLY, ...[...explainedTexts.values()].flat()]);
    expect(Object.keys(calls).filter((name) => !explained.has(name))).toEqual([]);
  });

  test('what each step of a job asks is planned once a session, and not for each request', async () => {
    const db = createDb({
      url: database.url('registry_api'),
      poolMax: 1,
      settings: SERVICE_SETTINGS,
      lifetimeMs: QUERY_TIMEOUT_MS,
    });
    for (const name of ON_A_JOBS_WAY)
      for (let times = 0; times < 2 * TRIED_BEFORE_KEPT; times += 1)
        for (const call of calls[name]!()) await undone(db, call);
    const { rows } = await sql<{ statement: string; keeps: boolean }>`
      SELECT statement, generic_plans > 0 AS keeps FROM pg_prepared_statements
      WHERE generic_plans + custom_plans > ${TRIED_BEFORE_KEPT}`.execute(db);
    await db.destroy();
    expect(rows.length).toBeGreaterThanOrEqual(ON_A_JOBS_WAY.length);
    expect(rows.filter(({ keeps }) => !keeps)).toEqual([]);
  });

  test('the check of plans would notice a scan of a whole table', async () => {
    const { faults } = await explain(api, (trx) =>
      sql`SELECT count(*) FROM jobs WHERE price = 3`.execute(trx),
    );
    expect(faults).toContainEqual(expect.stringContaining('scans jobs where (price = 3)'));
    expect(faults).toContainEqual(expect.stringMatching(/looks at \d{5,} rows/));
  });
});
