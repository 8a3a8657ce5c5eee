import { findBalance, findJob } from '@agent-registry/db';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startedJob } from '../testing/jobs.ts';
import { type Registry, startRegistry } from '../testing/start-registry.ts';

const DAY = 86_400_000;
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
});
beforeEach(() => {
  registry.alarms.mode = 'lose';
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
});

const alarmOf = (
  specs: readonly { path: string; body: Readonly<Record<string, unknown>> }[],
  timer: string,
) => specs.findLast(({ body }) => body.timer === timer)!;

describe('a job’s alarm', () => {
  test('that rings too early changes nothing and sets the next one under a new name', async () => {
    const job = await startedJob(registry);
    const alarm = alarmOf(job.specs, 'delivery_deadline');
    const before = registry.alarms.created.length;
    expect(await registry.dispatch(alarm)).toEqual({ status: 200, body: { outcome: 'early' } });
    const [next] = registry.alarms.created.slice(before);
    expect(next).toMatchObject({
      queue: 'job-deadline',
      body: { timer: 'delivery_deadline', generation: 1 },
    });
    expect(await registry.dispatch(alarm)).toEqual({ status: 200, body: { outcome: 'superseded' } });
    expect((await findJob(registry.database.db, job.jobId))?.status).toBe('in_progress');
  });

  test('at its time ends the job, and what follows is scheduled before the answer', async () => {
    const job = await startedJob(registry);
    const alarm = alarmOf(job.specs, 'delivery_deadline');
    const before = await findBalance(registry.database.db, { kind: 'agent', ownerId: job.clientId });
    registry.clock.advance(30 * DAY);
    const answers = [await registry.dispatch(alarm), await registry.dispatch(alarm)];
    expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual([
      [200, 'acted'],
      [200, 'nothing'],
    ]);
    expect((await findJob(registry.database.db, job.jobId))?.status).toBe('failed');
    const after = await findBalance(registry.database.db, { kind: 'agent', ownerId: job.clientId });
    expect(after! - before!).toBe(10_000n);
  });

  test('that cannot be acted on is 500, so that the queue brings it again', async () => {
    const job = await startedJob(registry);
    const alarm = alarmOf(job.specs, 'delivery_deadline');
    registry.clock.advance(30 * DAY);
    await sql`REVOKE UPDATE ON jobs FROM registry_dispatcher`.execute(registry.database.db);
    try {
      expect(await registry.dispatch(alarm)).toMatchObject({ status: 500, body: { code: 'internal' } });
    } finally {
      await sql`GRANT UPDATE ON jobs TO registry_dispatcher`.execute(registry.database.db);
    }
    expect(await registry.dispatch(alarm)).toMatchObject({ status: 200, body: { outcome: 'acted' } });
  });

  test('whose follow-up tasks could not be created stands, and is answered 200', async () => {
    const job = await startedJob(registry, { sellerUrl: 'http://127.0.0.1:9/hook' });
    const alarm = alarmOf(job.specs, 'delivery_deadline');
    registry.clock.advance(30 * DAY);
    registry.alarms.mode = 'refuse';
    expect(await registry.dispatch(alarm)).toMatchObject({ status: 200, body: { outcome: 'acted' } });
  });
});
