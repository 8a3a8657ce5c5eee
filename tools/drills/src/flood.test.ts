// A flood: a thousand agents behind one address use every route for a minute. What they may cost stays bounded, two honest agents
// elsewhere go on with their work, and two behind the same address end the job that they agreed on before.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { type Connection, criteriaHash, RegistryProblem } from '@agent-registry/client';
import {
  type E2eStack,
  openTown,
  startE2eStack,
  suite,
  type TestAgent,
  type Town,
} from '@agent-registry/stack/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { DEEDS, type Flooder, playSuite, seedFlooders, type Targets } from './testing/flooders.ts';

jest.setTimeout(300_000);
const FLOODERS = 1_000;
const FLOOD_MS = 60_000;
/** Requests a second, and at once. */
const RATE = 40;
const AT_ONCE = 16;
const TOLD_EVERY_MS = 5_000;
const SEALING_KEY = 'a sealing key that is of use in this drill alone';
const MIB = 1_048_576;
/** So much of the hour of their address has the flood written when it begins, else a minute would not come to the bound. */
const WRITTEN_BEFORE = 246 * MIB;
/** Honest agents begin a job so often at most: within their own rate limits. */
const HONEST_EVERY_MS = 3_000;
/** What may be written from one address in an hour, and what requests at once may write beyond it. */
const ADDRESS_MIB = 256 + 2;
/** As a deployment has them unless it says otherwise: capacity and refill a minute. */
const LIMITS = {
  DISCOVERY: [60, 20],
  READ: [120, 60],
  WRITE: [30, 10],
  JOB: [120, 60],
  REGISTRATION: [5, 2],
};

const FLOOD_ADDRESS = '203.0.113.66';
const HONEST_ADDRESS = '198.51.100.7';

interface Pair {
  readonly seller: TestAgent;
  readonly client: TestAgent;
}

let stack: E2eStack;
let town: Town;
let db: pg.Client;
let neighbourhood: Town;
let honest: Pair;
let neighbours: Pair;
let flooders: Flooder[];
let posts = 0;
const stranger = createServer((request, response) => {
  posts += 1;
  request.resume();
  response.writeHead(404).end();
});

beforeAll(async () => {
  const limits = Object.entries(LIMITS).flatMap(([name, [capacity, refill]]) => [
    [`RATE_LIMIT_${name}_CAPACITY`, String(capacity)],
    [`RATE_LIMIT_${name}_REFILL_PER_MIN`, String(refill)],
  ]);
  stack = await startE2eStack({
    ...Object.fromEntries(limits),
    PLATFORM_SIGNING_KEY: SEALING_KEY,
    TRUSTED_PROXY_HOPS: '1',
  });
  town = await openTown(from(HONEST_ADDRESS));
  neighbourhood = await openTown(from(FLOOD_ADDRESS));
  honest = await settle(town);
  neighbours = await settle(neighbourhood);
  await new Promise<void>((resolve) => void stranger.listen(0, '127.0.0.1', resolve));
  db = new pg.Client({ connectionString: stack.database.url('registry_owner') });
  await db.connect();
  flooders = await seedFlooders(db, {
    count: FLOODERS,
    sealingKey: SEALING_KEY,
    connection: from(FLOOD_ADDRESS),
  });
  await db.query(
    `INSERT INTO written_bytes (agent_id, hour, address, bytes) SELECT agent_id, date_trunc('hour', now()), $2, $1
     FROM agents WHERE display_name LIKE 'Flooder %'`,
    [Math.floor(WRITTEN_BEFORE / FLOODERS), `ip:${FLOOD_ADDRESS}`],
  );
}, 120_000);
afterAll(async () => {
  await db?.end();
  stranger.close();
  await town?.close();
  await neighbourhood?.close();
  await stack?.remove();
});

/** Calls that come from an address, as the last proxy tells it. */
const from = (address: string): Connection => ({
  baseUrl: stack.apiUrl,
  maxRetries: 0,
  timeoutMs: 60_000,
  fetch: (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set('x-forwarded-for', address);
    return fetch(url, { ...init, headers });
  },
});

async function settle(place: Town): Promise<Pair> {
  const pair = { seller: await place.settle('seller'), client: await place.settle('client') };
  await pair.client.client.depositCredits({ amount: '100.00' });
  return pair;
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const hourNow = () => Math.floor(Date.now() / 3_600_000);
const readOne = async (sql: string): Promise<number> =>
  Number(Object.values((await db.query(sql)).rows[0] as object)[0]);

/** What stands in the database, as numbers. */
async function measure() {
  return {
    agents: await readOne('SELECT count(*) FROM agents'),
    databaseMib: Math.round((await readOne('SELECT pg_database_size(current_database())')) / MIB),
    addressMib: Math.round(
      (await readOne(
        'SELECT max(bytes) FROM (SELECT sum(bytes) AS bytes FROM written_bytes GROUP BY address, hour) AS each',
      )) / MIB,
    ),
    largestAgentMib: Math.round(
      (await readOne(
        'SELECT max(bytes) FROM (SELECT sum(bytes) AS bytes FROM written_bytes GROUP BY agent_id, hour) AS each',
      )) / MIB,
    ),
    proposalsOfOne: await readOne(
      `SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM jobs WHERE status IN ('proposed', 'negotiating') GROUP BY client_agent_id) AS each`,
    ),
    attemptsOfOne: await readOne(
      `SELECT coalesce(max(amount), 0) FROM hourly_counts WHERE name LIKE 'webhook:agent:%'`,
    ),
    attemptsAtHost: await readOne(
      `SELECT coalesce(max(amount), 0) FROM hourly_counts WHERE name LIKE 'webhook:host:%'`,
    ),
    runnerSeconds: Math.round(
      (await readOne('SELECT coalesce(sum(runner_ms), 0) FROM verification_runs')) / 1_000,
    ),
  };
}

/** Counts what came of requests: `done`, or the code of the refusal. */
function createTally() {
  const counts = new Map<string, number>();
  return {
    counts,
    async of(work: Promise<unknown>): Promise<void> {
      const outcome = await work.then(
        () => 'done',
        (error: unknown) =>
          error instanceof RegistryProblem ? `${error.status} ${error.code}` : String(error),
      );
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    },
  };
}

/** Fires at a capped rate until the time is over. A heavy tenth of what is done is done by one agent alone. */
async function flood(targets: Targets, tally: ReturnType<typeof createTally>): Promise<void> {
  const beganMs = performance.now();
  const deeds = Object.values(DEEDS);
  let sent = 0;
  const worker = async () => {
    for (;;) {
      const dueMs = beganMs + (sent * 1_000) / RATE;
      sent += 1;
      if (dueMs - beganMs > FLOOD_MS || performance.now() - beganMs > FLOOD_MS) return;
      await new Promise((resolve) => void setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      const by = sent % 10 === 0 ? targets.flooders[0]! : targets.flooders[(sent * 7) % FLOODERS]!;
      await tally.of(deeds[sent % deeds.length]!(by, targets));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const criteria = suite({ test_id: 'one', type: 'assertion', params: { expression: 'output == 1' } });

async function agree({ seller, client }: Pair): Promise<string> {
  const { job_id } = await client.client.proposeJob({
    seller_agent_id: seller.agentId,
    max_budget: '1.00',
    acceptance_criteria: criteria,
  });
  await seller.client.acceptJob({ job_id, acceptance_criteria_hash: criteriaHash(criteria) });
  return job_id;
}

/** From an agreement to the review. */
async function carryOut({ seller, client }: Pair, job_id: string): Promise<void> {
  await client.client.fundJob({ job_id });
  await seller.client.startJob({ job_id });
  await seller.client.deliverJob({ job_id, result: 1 });
  while ((await client.client.verifyJob({ job_id })).verification === null);
  await client.client.createReview({ job_id, rating: 5 });
  await seller.client.getBalance();
}

interface Row {
  readonly what: string;
  readonly seen: number;
  readonly bound: number;
}

function print(rows: readonly Row[], counts: ReadonlyMap<string, number>): void {
  say(`\n${'what'.padEnd(62)}${'seen'.padStart(8)}${'at most'.padStart(10)}`);
  for (const { what, seen, bound } of rows)
    say(`${what.padEnd(62)}${String(seen).padStart(8)}${String(bound).padStart(10)}`);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  say(`\nthe flood’s requests: ${sorted.map(([name, count]) => `${count} × ${name}`).join(', ')}\n`);
}

test('a minute’s flood of a thousand agents stays under every bound, and an honest agent is refused nothing of its own', async () => {
  const { port } = stranger.address() as AddressInfo;
  const targets = {
    flooders,
    victimId: honest.seller.agentId,
    strangerUrl: `http://127.0.0.1:${port}`,
  };
  const agreed = await agree(neighbours);
  const hourBefore = hourNow();
  const before = await measure();
  const beganMs = performance.now();
  const floods = createTally();
  const jobs = createTally();
  const isOver = new AbortController();
  const progress = setInterval(() => {
    const all = [...floods.counts.values()].reduce((sum, count) => sum + count, 0);
    say(
      `${all} requests of the flood, ${jobs.counts.get('done') ?? 0} honest jobs done, ${posts} POSTs at a stranger`,
    );
  }, TOLD_EVERY_MS);
  try {
    const suites = Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        await flooders[2 * n]!.client.depositCredits({ amount: '1.00' });
        for (let played = 0; played < 3; played += 1)
          await floods.of(playSuite(flooders[2 * n]!, flooders[2 * n + 1]!));
      }),
    );
    const honestWork = (async () => {
      do
        await Promise.all([
          jobs.of(agree(honest).then((jobId) => carryOut(honest, jobId))),
          new Promise((resolve) => void setTimeout(resolve, HONEST_EVERY_MS)),
        ]);
      while (!isOver.signal.aborted);
    })();
    await flood(targets, floods);
    isOver.abort();
    await Promise.all([suites, honestWork]);
    await jobs.of(carryOut(neighbours, agreed));
  } finally {
    clearInterval(progress);
  }
  const after = await measure();
  const elapsedSeconds = Math.ceil((performance.now() - beganMs) / 1_000);
  const hours = 1 + hourNow() - hourBefore;
  const faults = [...floods.counts.keys()].filter((outcome) => !/^(?:done|4\d\d )/.test(outcome));
  const minutes = Math.ceil(FLOOD_MS / 60_000);
  const rows: Row[] = [
    {
      what: 'agents more',
      seen: after.agents - before.agents,
      bound: LIMITS.REGISTRATION[0]! + LIMITS.REGISTRATION[1]! * minutes,
    },
    {
      what: 'MiB written in the hour by the agents of the address',
      seen: after.addressMib,
      bound: ADDRESS_MIB,
    },
    { what: 'MiB written in the hour by the largest of them', seen: after.largestAgentMib, bound: 16 },
    {
      what: 'MiB that the database grew by',
      seen: after.databaseMib - before.databaseMib,
      bound: 2 * (ADDRESS_MIB - WRITTEN_BEFORE / MIB),
    },
    { what: 'open proposals of one client', seen: after.proposalsOfOne, bound: 100 },
    { what: 'attempts at all endpoints of a stranger’s host', seen: after.attemptsAtHost, bound: 60 },
    { what: 'POSTs at the stranger, those of agreed jobs included', seen: posts, bound: 660 * hours },
    { what: 'attempts at the endpoint of one agent', seen: after.attemptsOfOne, bound: 20 },
    { what: 'runner-seconds', seen: after.runnerSeconds, bound: availableParallelism() * elapsedSeconds },
    { what: 'answers that are neither done nor a refusal', seen: faults.length, bound: 0 },
    {
      what: 'honest jobs that met a refusal',
      seen: [...jobs.counts.keys()].filter((outcome) => outcome !== 'done').length,
      bound: 0,
    },
  ];
  print(rows, floods.counts);
  say(`honest jobs: ${JSON.stringify([...jobs.counts])}\n`);
  expect(rows.filter(({ seen, bound }) => seen > bound)).toEqual([]);
  expect(faults).toEqual([]);
  expect([...jobs.counts.keys()]).toEqual(['done']);
});
