import { findBalance } from '@agent-registry/db';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry } from '../testing/open-registry.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const registry = await openRegistry();

beforeEach(() => {
  registry.tasks.mode = 'lose';
});

/** The task of a job's deadline, which the sweep creates an hour before. */
async function deadlineTask(job: { jobId: string }) {
  registry.clock.advance(30 * DAY - HOUR);
  await registry.sweep();
  return registry.tasks.created.findLast(
    ({ body }) => body.job_id === job.jobId && body.timer === 'delivery_deadline',
  )!;
}

test('an operation creates no task for what is due in more than an hour; the sweep does, an hour before, and once', async () => {
  const job = await startedJob(registry);
  const tasks = () =>
    registry.tasks.created.filter(({ body }) => body.job_id === job.jobId && 'timer' in body);
  expect(tasks()).toEqual([]);
  registry.clock.advance(30 * DAY - HOUR - 1);
  await registry.sweep();
  const ofDeadline = () => tasks().filter(({ body }) => body.timer === 'delivery_deadline');
  expect(ofDeadline()).toEqual([]);
  registry.clock.advance(1);
  const deadline = new Date(registry.clock.now().getTime() + HOUR);
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await registry.sweep();
  expect(ofDeadline()).toMatchObject([{ queue: 'job-deadline', scheduleAt: deadline }]);
  registry.clock.advance(HOUR + 15_000);
  await registry.sweep(); // Its task is lost.
  expect(ofDeadline()).toHaveLength(2);
});

describe('the task of a job’s timer', () => {
  test('the task of a job’s timer that comes too early changes nothing and is followed by one under a new name', async () => {
    const job = await startedJob(registry);
    const task = await deadlineTask(job);
    const before = registry.tasks.created.length;
    expect(await registry.dispatch(task)).toEqual({ status: 200, body: { outcome: 'early' } });
    const [next] = registry.tasks.created.slice(before);
    expect(next).toMatchObject({
      queue: 'job-deadline',
      body: { timer: 'delivery_deadline', generation: 2 },
    });
    expect(await registry.dispatch(task)).toEqual({ status: 200, body: { outcome: 'superseded' } });
    expect(await job.status()).toBe('in_progress');
  });

  test('the task of a job’s timer at its time ends the job, and what follows is scheduled before the answer', async () => {
    const job = await startedJob(registry);
    const task = await deadlineTask(job);
    const before = await findBalance(registry.database.db, { kind: 'agent', ownerId: job.clientId });
    registry.clock.advance(HOUR);
    const answers = [await registry.dispatch(task), await registry.dispatch(task)];
    expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual([
      [200, 'acted'],
      [200, 'nothing'],
    ]);
    expect(await job.status()).toBe('failed');
    const after = await findBalance(registry.database.db, { kind: 'agent', ownerId: job.clientId });
    expect(after! - before!).toBe(10_000n);
  });

  test('a timer’s task that cannot be acted on is answered 500, so that the queue sends it again', async () => {
    const job = await startedJob(registry);
    const task = await deadlineTask(job);
    registry.clock.advance(HOUR);
    await sql`REVOKE UPDATE ON jobs FROM registry_dispatcher`.execute(registry.database.db);
    try {
      expect(await registry.dispatch(task)).toMatchObject({ status: 500, body: { code: 'internal' } });
    } finally {
      await sql`GRANT UPDATE ON jobs TO registry_dispatcher`.execute(registry.database.db);
    }
    expect(await registry.dispatch(task)).toMatchObject({ status: 200, body: { outcome: 'acted' } });
  });

  test('a timer whose follow-up tasks could not be created has acted all the same, and is answered 200', async () => {
    const job = await startedJob(registry, { sellerUrl: 'http://127.0.0.1:9/hook' });
    const task = await deadlineTask(job);
    registry.clock.advance(HOUR);
    registry.tasks.mode = 'refuse';
    expect(await registry.dispatch(task)).toMatchObject({ status: 200, body: { outcome: 'acted' } });
  });
});
