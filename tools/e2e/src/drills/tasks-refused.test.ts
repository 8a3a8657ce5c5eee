// Cloud Tasks is reached and refuses every create, by quota and as unavailable: for 5 s, with LONG_TESTS for 2 minutes.
import { setTimeout as delay } from 'node:timers/promises';
import { auditLedger } from '@agent-registry/operator';
import { findFreePort } from '@agent-registry/servers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type pg from 'pg';
import { driveJob, suite, type TestAgent, type Town } from '../testing/index.ts';
import { useE2eStack } from '../testing/use-stack.ts';
import { heard, mustBecome } from './testing/parts.ts';
import { openTasksProxy, type TasksProxy } from './testing/tasks-proxy.ts';

jest.setTimeout(400_000);
const REFUSING_MS = process.env.LONG_TESTS ? 120_000 : 5_000;
const JOBS = 8;
const criteria = suite({ test_id: 'one', type: 'assertion', params: { expression: 'output == 1' } });
let proxy: TasksProxy;
let port: number;
beforeAll(async () => {
  port = await findFreePort();
  proxy = await openTasksProxy(port, () => stack.emulator.grpc);
});
const stack = useE2eStack(() => ({ TASKS_API_ENDPOINT: `127.0.0.1:${port}` }));
afterAll(() => proxy?.close());
let town: Town;
let seller: TestAgent;
let client: TestAgent;
let db: pg.Client;

beforeAll(async () => {
  town = await stack.openTown({ maxRetries: 0, timeoutMs: 30_000 });
  seller = await town.settle('seller');
  client = await town.settle('client');
  await client.client.depositCredits({ amount: '1000.00' });
  db = await stack.connect();
});

const overdue = async (): Promise<number> => {
  const { rows } = await db.query("SELECT count(*)::int AS overdue FROM outbox WHERE kind <> 'timer'");
  return (rows[0] as { overdue: number }).overdue;
};

test('while Cloud Tasks refuses every create, operations succeed; afterwards the sweep has everything verified and delivered, once', async () => {
  await mustBecome('the pings of the registrations are delivered', async () => (await overdue()) === 0);
  const before = town.arrivals.length;
  proxy.refusing = true;
  const until = delay(REFUSING_MS);
  const jobs: string[] = [];
  for (let count = 0; count < JOBS; count += 1)
    jobs.push(await driveJob({ client, seller }, 'delivered', { acceptance_criteria: criteria }));
  await until;
  expect(proxy.refused).toBeGreaterThan(0);
  for (const jobId of jobs) expect(heard(town, seller, jobId)).toEqual([]);

  proxy.refusing = false;
  for (const job_id of jobs)
    await mustBecome(
      'a job is completed',
      async () => (await client.client.getJob({ job_id })).status === 'completed',
    );
  await mustBecome('nothing is left to deliver', async () => (await overdue()) === 0);
  for (const jobId of jobs) {
    expect(heard(town, seller, jobId).toSorted()).toEqual([
      'job.accepted',
      'job.completed',
      'job.funded',
      'job.proposed',
    ]);
    expect(heard(town, client, jobId).toSorted()).toEqual([
      'job.accepted',
      'job.completed',
      'job.delivered',
      'job.started',
    ]);
  }
  expect(town.arrivals.length - before).toBe(JOBS * 8);
  expect(town.refused).toEqual([]);
  expect(await auditLedger(stack.database.url('registry_owner'))).toMatchObject({ faults: [] });
});
