// Cloud Tasks is reached and refuses every create, by quota and as unavailable: for 5 s, with LONG_TESTS for 2 minutes.
import { setTimeout as delay } from 'node:timers/promises';
import { criteriaHash } from '@agent-registry/client';
import { auditLedger } from '@agent-registry/operator';
import { findFreePort } from '@agent-registry/servers';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import {
  type E2eStack,
  openTown,
  startE2eStack,
  suite,
  type TestAgent,
  type Town,
} from '../testing/index.ts';
import { heard, mustBecome, propose } from './testing/parts.ts';
import { openTasksGate, type TasksGate } from './testing/tasks-gate.ts';

jest.setTimeout(400_000);
const REFUSING_MS = process.env.LONG_TESTS ? 120_000 : 5_000;
const JOBS = 8;
const criteria = suite({ test_id: 'one', type: 'assertion', params: { expression: 'output == 1' } });
let gate: TasksGate;
let stack: E2eStack;
let town: Town;
let seller: TestAgent;
let client: TestAgent;
let db: pg.Client;

beforeAll(async () => {
  const port = await findFreePort();
  gate = await openTasksGate(port, () => stack.emulator.grpc);
  stack = await startE2eStack({ TASKS_API_ENDPOINT: `127.0.0.1:${port}` });
  town = await openTown({ baseUrl: stack.apiUrl, maxRetries: 0, timeoutMs: 30_000 });
  seller = await town.settle('seller');
  client = await town.settle('client');
  await client.client.depositCredits({ amount: '1000.00' });
  db = new pg.Client({ connectionString: stack.database.url('registry_owner') });
  await db.connect();
});
afterAll(async () => {
  await db?.end();
  await town?.close();
  await stack?.remove();
  gate?.close();
});

/** From the proposal to the delivery; its id. */
async function carryOut(): Promise<string> {
  const job_id = await propose(client, seller, criteria);
  await seller.client.acceptJob({ job_id, acceptance_criteria_hash: criteriaHash(criteria) });
  await client.client.fundJob({ job_id });
  await seller.client.startJob({ job_id });
  await seller.client.deliverJob({ job_id, result: 1 });
  return job_id;
}

const overdue = async (): Promise<number> => {
  const { rows } = await db.query("SELECT count(*)::int AS overdue FROM outbox WHERE kind <> 'timer'");
  return (rows[0] as { overdue: number }).overdue;
};

test('while Cloud Tasks refuses every create, operations succeed; afterwards the sweep has everything judged and delivered, once', async () => {
  await mustBecome('the pings of the registrations are delivered', async () => (await overdue()) === 0);
  const before = town.arrivals.length;
  gate.refusing = true;
  const until = delay(REFUSING_MS);
  const jobs: string[] = [];
  for (let count = 0; count < JOBS; count += 1) jobs.push(await carryOut());
  await until;
  expect(gate.refused).toBeGreaterThan(0);
  for (const jobId of jobs) expect(heard(town, seller, jobId)).toEqual([]);

  gate.refusing = false;
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
