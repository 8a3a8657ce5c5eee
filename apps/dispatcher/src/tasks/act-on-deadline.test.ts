import { findBalance, findJob } from '@agent-registry/db';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startedJob } from '../testing/jobs.ts';
import { openRegistry } from '../testing/open-registry.ts';

const DAY = 86_400_000;
const registry = await openRegistry();

beforeEach(() => {
  registry.tasks.mode = 'lose';
});

const taskOfTimer = (
  specs: readonly { path: string; body: Readonly<Record<string, unknown>> }[],
  timer: string,
) => specs.findLast(({ body }) => body.timer === timer)!;

describe('the task of a job’s timer', () => {
  test('the task of a job’s timer that comes too early changes nothing and is followed by one under a new name', async () => {
    const job = await startedJob(registry);
    const task = taskOfTimer(job.specs, 'delivery_deadline');
    const before = registry.tasks.created.length;
    expect(await registry.dispatch(task)).toEqual({ status: 200, body: { outcome: 'early' } });
    const [next] = registry.tasks.created.slice(before);
    expect(next).toMatchObject({
      queue: 'job-deadline',
      body: { timer: 'delivery_deadline', generation: 1 },
    });
    expect(await registry.dispatch(task)).toEqual({ status: 200, body: { outcome: 'superseded' } });
    expect((await findJob(registry.database.db, job.jobId))?.status).toBe('in_progress');
  });

  test('the task of a job’s timer at its time ends the job, and what follows is scheduled before the answer', async () => {
    const job = await startedJob(registry);
    const task = taskOfTimer(job.specs, 'delivery_deadline');
    const before = await findBalance(registry.database.db, { kind: 'agent', ownerId: job.clientId });
    registry.clock.advance(30 * DAY);
    const answers = [await registry.dispatch(task), await registry.dispatch(task)];
    expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual([
      [200, 'acted'],
      [200, 'nothing'],
    ]);
    expect((await findJob(registry.database.db, job.jobId))?.status).toBe('failed');
    const after = await findBalance(registry.database.db, { kind: 'agent', ownerId: job.clientId });
    expect(after! - before!).toBe(10_000n);
  });

  test('a timer’s task that cannot be acted on is answered 500, so that the queue sends it again', async () => {
    const job = await startedJob(registry);
    const task = taskOfTimer(job.specs, 'delivery_deadline');
    registry.clock.advance(30 * DAY);
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
    const task = taskOfTimer(job.specs, 'delivery_deadline');
    registry.clock.advance(30 * DAY);
    registry.tasks.mode = 'refuse';
    expect(await registry.dispatch(task)).toMatchObject({ status: 200, body: { outcome: 'acted' } });
  });
});
