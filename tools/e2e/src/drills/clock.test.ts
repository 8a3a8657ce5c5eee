// An api and the dispatcher whose clocks are 5 minutes ahead of the database's and of the other api's.
import { type Connection, register } from '@agent-registry/client';
import { auditLedger } from '@agent-registry/operator';
import { beforeAll, expect, jest, test } from '@jest/globals';
import type pg from 'pg';
import { driveJob, suite, type TestAgent, type Town } from '../testing/index.ts';
import { useE2eStack } from '../testing/use-stack.ts';
import { mustBecome, statusOf } from './testing/parts.ts';
import { type SecondInstance, startSecondApi } from './testing/second-instance.ts';

jest.setTimeout(240_000);
const AHEAD_MS = 300_000;
const criteria = suite({ test_id: 'one', type: 'assertion', params: { expression: 'output == 1' } });
// Without Redis, whose memory would hide what the table of nonces forgets.
const stack = useE2eStack(
  {
    NODE_OPTIONS: `--import=${new URL('./testing/shift-clock.ts', import.meta.url).href}`,
    CLOCK_AHEAD_MS: String(AHEAD_MS),
    CLOCK_AHEAD_OF: 'dispatcher',
  },
  { redis: false },
);
let ahead: SecondInstance;
let town: Town;
let seller: TestAgent;
let client: TestAgent;
let db: pg.Client;
/** The last request that was sent. */
let last: { url: string; init: RequestInit };
/** Both instances have one address, as behind a load balancer; this one leads to that whose clock is ahead. */
const toAhead = (): Connection => ({
  baseUrl: stack.apiUrl,
  maxRetries: 0,
  timeoutMs: 30_000,
  fetch: (address, init = {}) => {
    const { href } = new URL(address as string);
    last = { url: href, init };
    return fetch(href.replace(stack.apiUrl, ahead.url), init);
  },
});

beforeAll(async () => {
  ahead = await startSecondApi(stack, { CLOCK_AHEAD_OF: 'api' });
  stack.defer(() => ahead.stop());
  await mustBecome('the second api is ready', async () => (await statusOf(`${ahead.url}/ready`)) === 200);
  town = await stack.openTown(toAhead());
  seller = await town.settle('seller');
  client = await town.settle('client');
  db = await stack.connect();
});

/** A job under way, to be delivered within four minutes: by a clock that is ahead, its deadline has passed. */
function begin(): Promise<string> {
  const delivery_deadline = new Date(Date.now() + AHEAD_MS - 60_000).toISOString();
  return driveJob({ client, seller }, 'in_progress', { acceptance_criteria: criteria, delivery_deadline });
}

/** Lets a job's deadline have passed by every clock, and waits until the sweep has acted on it. */
async function runOutOfTime(jobId: string): Promise<void> {
  await db.query("UPDATE jobs SET delivery_deadline = now() - interval '1 minute' WHERE job_id = $1", [
    jobId,
  ]);
  await db.query(
    "UPDATE outbox SET due_at = now() - interval '1 minute', check_at = now() - interval '1 minute' WHERE subject = $1",
    [`${jobId}:delivery_deadline`],
  );
  await mustBecome('the job fails', async () => (await statusNow(jobId)) === 'failed');
}

const statusNow = async (jobId: string) => (await client.client.getJob({ job_id: jobId })).status;

const clockOf = async (url: string): Promise<number> => {
  const { checks } = (await (await fetch(`${url}/ready`)).json()) as {
    checks: { database: { clock_ahead_ms: number } };
  };
  return Math.round(checks.database.clock_ahead_ms / 60_000) + 0; // Not -0.
};

test('/ready and the log tell of a clock that is 5 minutes ahead', async () => {
  expect(await Promise.all([stack.apiUrl, ahead.url, stack.dispatcherUrl].map(clockOf))).toEqual([0, 5, 5]);
  expect(ahead.lines.join()).toContain('this machine’s clock is wrong');
});

test('an api whose clock is ahead takes what an honest agent signs now, and refuses what is signed 5 minutes ahead', async () => {
  const deposit = { amount: '100.00' };
  expect(await client.client.depositCredits(deposit)).toMatchObject({ balance: '100.00' });
  const early = { now: () => new Date(Date.now() + AHEAD_MS) };
  const registering = register({ ...toAhead(), clock: early }, { display_name: 'early' });
  await expect(registering).rejects.toMatchObject({ code: 'stale_timestamp' });
});

test('a clock that is ahead fails no job early, pays nobody wrongly, and lets no request be sent twice', async () => {
  await client.client.depositCredits({ amount: '100.00' });
  const spent = last;
  const [inTime, ...late] = [await begin(), await begin(), await begin()];
  // The second is swept after the first was acted on: a sweep that took the job in time would have acted on it by then.
  for (const jobId of late) await runOutOfTime(jobId);
  expect(await statusNow(inTime!)).toBe('in_progress');
  await seller.client.deliverJob({ job_id: inTime!, result: 1 });
  await mustBecome('the job is completed', async () => (await statusNow(inTime!)) === 'completed');

  for (const instance of [stack.apiUrl, ahead.url]) {
    const again = await fetch(spent.url.replace(stack.apiUrl, instance), spent.init);
    expect(await again.json()).toMatchObject({ code: 'nonce_replayed' });
  }
  expect(town.refused).toEqual([]);
  expect(await auditLedger(stack.database.url('registry_owner'))).toMatchObject({ faults: [] });
});
