import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from './clock.ts';
import { spawnEmulator, whenRunning } from './testing/child.ts';
import {
  createClient,
  createDataDir,
  createTask,
  LOCATION,
  PARENT,
  PROJECT,
  QUEUE,
  refuses,
  respond,
  startPausedEmulator,
  startTarget,
  startTestEmulator,
} from './testing/harness.ts';

const START = new Date('2026-01-01T00:00:00Z');

describe('a restart', () => {
  test('a restart keeps queues, their settings and pause, tasks and the names of ended ones', async () => {
    const dataDir = createDataDir();
    const target = await startTarget();
    const before = await startTestEmulator({ dataDir });
    await createTask(before.client, target.url, { name: `${QUEUE}/tasks/ended` });
    await before.emulator.idle();
    const other = `${PARENT}/queues/other`;
    await before.client.createQueue({
      parent: PARENT,
      queue: { name: other, retryConfig: { maxAttempts: 7 } },
    });
    await before.client.pauseQueue({ name: other });
    const body = Buffer.from([0, 255, 10]);
    const task = { httpRequest: { url: target.url, body, headers: { 'X-Mine': 'é' } } };
    const [kept] = await before.client.createTask({ parent: other, task });
    await before.emulator.stop();

    const after = await startTestEmulator({ dataDir });
    const [queue] = await after.client.getQueue({ name: other });
    expect(queue).toMatchObject({ state: 'PAUSED', retryConfig: { maxAttempts: 7 } });
    const again = createTask(after.client, target.url, { name: `${QUEUE}/tasks/ended` });
    await refuses(again, status.ALREADY_EXISTS);
    const [shown] = await after.client.getTask({ name: kept.name ?? '', responseView: 'FULL' });
    expect(Buffer.from(shown.httpRequest?.body as Uint8Array)).toEqual(body);
    await after.client.resumeQueue({ name: other });
    await after.emulator.idle();
    expect(target.requests.at(-1)?.body).toEqual(body);
  });

  test('a restart keeps how far the retries of a task have come', async () => {
    const dataDir = createDataDir();
    const target = await startTarget(respond(500));
    const clock = createManualClock(START);
    const queues = { work: { minBackoffSeconds: 10, maxBackoffSeconds: 300, maxAttempts: 3 } };
    const before = await startTestEmulator({ dataDir, clock, queues });
    await createTask(before.client, target.url);
    await before.emulator.idle();
    await before.emulator.stop();

    const { emulator } = await startTestEmulator({ dataDir, clock, queues });
    expect(emulator.state().queues[0]?.nextDueInMs).toBe(10_000);
    clock.advance(10_000);
    await emulator.idle();
    expect(target.requests[1]?.headers).toMatchObject({
      'x-cloudtasks-taskretrycount': '1',
      'x-cloudtasks-taskpreviousresponse': '500',
    });
    clock.advance(20_000);
    await emulator.idle();
    expect(target.requests).toHaveLength(3);
    expect(emulator.state().queues[0]?.depth).toBe(0);
  });

  test('a restart sends again what was under way', async () => {
    const dataDir = createDataDir();
    const target = await startTarget((received, n) => n > 1 && respond(200)(received));
    const before = await startTestEmulator({ dataDir });
    await createTask(before.client, target.url, { name: `${QUEUE}/tasks/again` });
    await target.nth(1);
    await before.emulator.stop();

    const { emulator } = await startTestEmulator({ dataDir });
    const second = await target.nth(2);
    expect(second.headers).toMatchObject({
      'x-cloudtasks-taskname': 'again',
      'x-cloudtasks-taskretrycount': '0',
    });
    await emulator.idle();
    expect(emulator.state().queues[0]?.depth).toBe(0);
  });

  test('a stop with grace lets attempts under way end', async () => {
    const dataDir = createDataDir();
    const target = await startTarget(() => {});
    const before = await startTestEmulator({ dataDir });
    await createTask(before.client, target.url);
    const { response } = await target.nth(1);
    const stopped = before.emulator.stop({ graceMs: 20_000 });
    response.end();
    await stopped;
    const { emulator } = await startTestEmulator({ dataDir });
    expect(emulator.state().queues[0]?.depth).toBe(0);
  });
});

test('a target elsewhere is taken with allowAnyTarget alone, and not called once that is gone', async () => {
  const dataDir = createDataDir();
  const clock = createManualClock(START);
  const scheduleTime = { seconds: START.getTime() / 1000 + 1 };
  const before = await startTestEmulator({ dataDir, clock, allowAnyTarget: true });
  const task = await createTask(before.client, 'https://elsewhere.invalid/', { scheduleTime });
  await before.emulator.stop();
  const { emulator, client } = await startTestEmulator({ dataDir, clock });
  clock.advance(1000);
  await emulator.idle();
  const [shown] = await client.getTask({ name: task.name ?? '' });
  expect(shown.lastAttempt?.responseStatus).toMatchObject({ code: status.PERMISSION_DENIED });
});

describe('kill -9', () => {
  const start = (dataDir: string) => {
    const where = ['--project', PROJECT, '--location', LOCATION, '--queues', 'none'];
    return spawnEmulator(['--port', '0', '--http-port', '0', '--data', dataDir, ...where]);
  };

  test('kill -9 of the emulator loses no task whose creation was answered, and sends each at least once', async () => {
    const dataDir = createDataDir();
    const target = await startTarget(() => {});
    const first = start(dataDir);
    const client = createClient((await whenRunning(first)).port);
    await client.createQueue({ parent: PARENT, queue: { name: QUEUE } });
    const answered = new Set<string>();
    const creations = Array.from({ length: 300 }, async (_, n) => {
      const task = await createTask(client, target.url, { name: `${QUEUE}/tasks/t${n}` });
      answered.add(task.name ?? '');
      if (answered.size === 150) first.process.kill('SIGKILL');
    });
    // Those that were not answered may or may not exist.
    await Promise.allSettled(creations);
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(answered.size).toBeGreaterThanOrEqual(150);
    const sentBefore = target.requests.length;

    const second = start(dataDir);
    const again = createClient((await whenRunning(second)).port);
    const [tasks] = await again.listTasks({ parent: QUEUE });
    const kept = new Set(tasks.map((task) => task.name ?? ''));
    for (const name of answered) expect(kept).toContain(name);
    // The killed one's last requests may still come in, so what counts is the second one's own.
    const resent = new Set<string>();
    for (let n = sentBefore + 1; resent.size < kept.size; n += 1) {
      resent.add(`${QUEUE}/tasks/${String((await target.nth(n)).headers['x-cloudtasks-taskname'])}`);
    }
    expect(resent).toEqual(kept);
  });
});

describe('the journal', () => {
  const file = (dataDir: string) => join(dataDir, 'journal.jsonl');

  test('a last line of the journal that a crash tore is left out', async () => {
    const dataDir = createDataDir();
    const before = await startPausedEmulator({ dataDir });
    await createTask(before.client, 'http://127.0.0.1:9');
    await before.emulator.stop();
    appendFileSync(file(dataDir), '{"t":"task","queue":"pro');
    const { emulator } = await startTestEmulator({ dataDir });
    expect(emulator.state().queues[0]).toMatchObject({ depth: 1, state: 'PAUSED' });
  });

  test('any other damage of the journal stops the start with a message that names the line', async () => {
    const dataDir = createDataDir();
    await (await startTestEmulator({ dataDir })).emulator.stop();
    writeFileSync(file(dataDir), `damage\n${readFileSync(file(dataDir), 'utf8')}`);
    await expect(startTestEmulator({ dataDir })).rejects.toThrow(/Line 1 of .*journal\.jsonl is damaged/);
  });

  test('the journal is compacted as it grows: it stays within bounds while tasks come and go', async () => {
    const dataDir = createDataDir();
    const target = await startTarget();
    const compactMinBytes = 50_000;
    const { client, emulator } = await startTestEmulator({ dataDir, compactMinBytes });
    const httpRequest = { body: Buffer.alloc(300, 1) };
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => createTask(client, target.url, { httpRequest })));
      await emulator.idle();
    }
    expect(target.requests).toHaveLength(200);
    expect(statSync(file(dataDir)).size).toBeLessThan(compactMinBytes + 10_000);
    expect(emulator.state().journalBytes).toBe(statSync(file(dataDir)).size);
    await emulator.stop();
    const after = await startTestEmulator({ dataDir });
    expect(after.emulator.state().queues[0]?.depth).toBe(0);
  });

  test('thousands of pending tasks survive compactions and a restart, each once and in order', async () => {
    const dataDir = createDataDir();
    const clock = createManualClock(START);
    const options = { dataDir, clock, compactMinBytes: 100_000 };
    const before = await startTestEmulator(options);
    const startSeconds = START.getTime() / 1000;
    await Promise.all(
      Array.from({ length: 3000 }, (_, n) =>
        createTask(before.client, 'http://127.0.0.1:9', {
          scheduleTime: { seconds: startSeconds + 60 + (n % 100) },
        }),
      ),
    );
    await before.emulator.stop();
    const { emulator } = await startTestEmulator(options);
    expect(emulator.state().queues[0]).toMatchObject({ depth: 3000, nextDueInMs: 60_000 });
  });

  test('a second emulator on the same directory is refused', async () => {
    const dataDir = createDataDir();
    const { emulator } = await startTestEmulator({ dataDir });
    await expect(startTestEmulator({ dataDir })).rejects.toThrow(/in use by another emulator/);
    await emulator.stop();
    await expect(startTestEmulator({ dataDir })).resolves.toBeDefined();
  });
});
