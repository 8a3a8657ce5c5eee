// A flood: a thousand agents behind one address use every route, for 20 s or with LONG_TESTS for a minute. What they may cost stays
// bounded, and two honest agents elsewhere go on with their work, as do two behind the same address whose jobs have paid fees.
import { createServer } from 'node:http';
import { type Connection, createAgentClient } from '@agent-registry/client';
import { listen } from '@agent-registry/servers';
import { beforeAll, expect, jest, test } from '@jest/globals';
import type pg from 'pg';
import { driveJob, suite, type TestAgent, type Town } from '../testing/index.ts';
import { useE2eStack } from '../testing/use-stack.ts';
import { CALLS } from './testing/flood-routes.ts';
import { createTally, LIMITS, measure, rowsOf, type Tally, tableOf } from './testing/flood-table.ts';
import { type Flooder, playSuite, seedFlooders, type Targets } from './testing/flooders.ts';

jest.setTimeout(300_000);
const FLOODERS = 1_000;
const FLOOD_MS = process.env.LONG_TESTS ? 60_000 : 20_000;
/** Requests a second, and at once. */
const RATE = 40;
const AT_ONCE = 16;
/** Calls of each kind, however slow the machine. */
const LEAST_OF_EACH = 4;
const TOLD_EVERY_MS = 5_000;
const SEALING_KEY = 'a sealing key that is of use in this drill alone';
/** So many bytes of the hour of their address has the flood written when it begins, else it would not come to the bound of 256 MiB. */
const WRITTEN_BEFORE = (process.env.LONG_TESTS ? 250 : 255) * 1_048_576;
/** Honest agents begin a job so often at most: within their own rate limits. */
const HONEST_EVERY_MS = 3_000;

const FLOOD_ADDRESS = '203.0.113.66';
const HONEST_ADDRESS = '198.51.100.7';

interface Pair {
  readonly seller: TestAgent;
  readonly client: TestAgent;
}

const stack = useE2eStack({
  ...Object.fromEntries(
    Object.entries(LIMITS).flatMap(([name, [capacity, refill]]) => [
      [`RATE_LIMIT_${name}_CAPACITY`, String(capacity)],
      [`RATE_LIMIT_${name}_REFILL_PER_MIN`, String(refill)],
    ]),
  ),
  PLATFORM_SIGNING_KEY: SEALING_KEY,
  TRUSTED_PROXY_HOPS: '1',
});
let db: pg.Client;
let honest: Pair;
let neighbours: Pair;
let flooders: Flooder[];
let posts = 0;
let strangerUrl: string;
const stranger = createServer((request, response) => {
  posts += 1;
  request.resume();
  response.writeHead(404).end();
});

beforeAll(async () => {
  honest = await settle(await stack.openTown(from(HONEST_ADDRESS)));
  neighbours = await settle(await stack.openTown(from(FLOOD_ADDRESS)));
  await carryOut(neighbours, await agree(neighbours));
  const listening = await listen(stranger);
  strangerUrl = listening.url;
  stack.defer(listening.close);
  db = await stack.connect();
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

/** What came of the flood's requests, by route and of all together. */
const floods = createTally();
const byRoute = new Map(Object.keys(CALLS).map((route) => [route, createTally()]));

/** Fires at a capped rate until the time is over and each call was made a few times. A tenth of it comes from one agent alone. */
async function flood(targets: Targets): Promise<void> {
  const beganMs = performance.now();
  const calls = Object.entries(CALLS).flatMap(([route, ways]) =>
    [ways].flat().map((call) => ({ call, tally: byRoute.get(route)! })),
  );
  const least = LEAST_OF_EACH * calls.length;
  let sent = 0;
  const isOver = (ms: number) => ms > FLOOD_MS && sent > least;
  const worker = async () => {
    for (;;) {
      const dueMs = beganMs + (sent * 1_000) / RATE;
      sent += 1;
      const number = sent;
      if (isOver(Math.max(dueMs, performance.now()) - beganMs)) return;
      await new Promise((resolve) => void setTimeout(resolve, Math.max(0, dueMs - performance.now())));
      const by = number % 10 === 0 ? targets.flooders[0]! : targets.flooders[(number * 7) % FLOODERS]!;
      const { call, tally } = calls[number % calls.length]!;
      const answer = call(by, targets);
      await Promise.all([tally.of(answer), floods.of(answer)]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const criteria = suite({ test_id: 'one', type: 'assertion', params: { expression: 'output == 1' } });

const agree = (pair: Pair): Promise<string> =>
  driveJob(pair, 'agreed', { max_budget: '1.00', acceptance_criteria: criteria });

/** From an agreement to the review. */
async function carryOut({ seller, client }: Pair, job_id: string): Promise<void> {
  await client.client.fundJob({ job_id });
  await seller.client.startJob({ job_id });
  await seller.client.deliverJob({ job_id, result: 1 });
  while ((await client.client.verifyJob({ job_id })).verification === null);
  await client.client.createReview({ job_id, rating: 5 });
  await seller.client.getBalance();
}

/** One job after the other until the flood is over. */
async function work(pair: Pair, jobs: Tally, over: AbortSignal): Promise<void> {
  do
    await Promise.all([
      jobs.of(agree(pair).then((jobId) => carryOut(pair, jobId))),
      new Promise((resolve) => void setTimeout(resolve, HONEST_EVERY_MS)),
    ]);
  while (!over.aborted);
}

/** Ten pairs of flooders have three suites run each. */
async function playSuites(): Promise<void> {
  const play = async (client: Flooder, seller: Flooder) => {
    await client.client.depositCredits({ amount: '1.00' });
    for (let played = 0; played < 3; played += 1) await floods.of(playSuite(client, seller));
  };
  await Promise.all(Array.from({ length: 10 }, (_, n) => play(flooders[2 * n]!, flooders[2 * n + 1]!)));
}

test('the flood calls every route that an agent may call', () => {
  // What is made of several calls, or of none.
  const others = ['agentId', 'events', 'iterate', 'waitForJob'];
  const routes = Object.keys(createAgentClient(from(FLOOD_ADDRESS))).filter((name) => !others.includes(name));
  const uncalled = routes.filter((route) => !Object.hasOwn(CALLS, route));
  expect(uncalled).toEqual([]);
});

test('a flood of a thousand agents stays under every bound, and an honest agent is refused nothing of its own', async () => {
  const targets = { flooders, victimId: honest.seller.agentId, strangerUrl };
  const agreed = await agree(neighbours);
  const hourBefore = hourNow();
  const before = await measure(db);
  const beganMs = performance.now();
  const jobs = createTally();
  const over = new AbortController();
  const progress = setInterval(() => {
    const all = [...floods.counts.values()].reduce((sum, count) => sum + count, 0);
    say(`${all} requests of the flood; honest jobs: ${jobs.describe()}; ${posts} POSTs at a stranger`);
  }, TOLD_EVERY_MS);
  try {
    const suites = playSuites();
    const honestWork = [honest, neighbours].map((pair) => work(pair, jobs, over.signal));
    await flood(targets);
    over.abort();
    await Promise.all([suites, ...honestWork]);
    // Now that the bytes of their address are used up: what was agreed before, and what is new.
    await jobs.of(carryOut(neighbours, agreed));
    await jobs.of(agree(neighbours).then((jobId) => carryOut(neighbours, jobId)));
  } finally {
    clearInterval(progress);
  }
  const rows = rowsOf({
    before,
    after: await measure(db),
    posts,
    elapsedMs: performance.now() - beganMs,
    hours: 1 + hourNow() - hourBefore,
    writtenBefore: WRITTEN_BEFORE,
  });
  const idle = [...byRoute].filter(([, { counts }]) => !counts.has('done'));
  say(
    `\nroutes that refused all:\n${idle.map(([route, tally]) => `  ${route}: ${tally.describe()}`).join('\n')}`,
  );
  say(
    `\n${tableOf(rows)}\n\nthe flood, over ${Object.keys(CALLS).length} routes: ${floods.describe()}\nhonest jobs: ${jobs.describe()}\n`,
  );
  expect(rows.filter(({ seen, bound }) => seen > bound)).toEqual([]);
  expect([...floods.counts.keys()].filter((outcome) => !/^(?:done|4\d\d )/.test(outcome))).toEqual([]);
  expect([...byRoute].filter(([, { counts }]) => counts.size === 0)).toEqual([]);
  expect(floods.counts.get('413 storage_budget')).toBeGreaterThan(0);
  expect([...jobs.counts.keys()]).toEqual(['done']);
});
