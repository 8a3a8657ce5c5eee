import { expect, test } from '@jest/globals';
import { facts, script, startRunner } from '../test/start-runner.ts';

const body = (source: string) => ({
  run_id: 'r',
  criteria: script(source).params,
  deliverable: { a: 1 },
  facts,
});
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

test('of 200 requests at once each gets a verdict, or 503 with a time to retry after', async () => {
  const runner = await startRunner({ cores: 2 });
  try {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const response = await runner.post(body(`exit(${n % 2})`));
        const answer = (await response.json()) as { verdict?: string };
        return `${response.status} ${response.headers.get('retry-after') ?? ''} ${answer.verdict ?? ''}`.trim();
      }),
    );
    const kinds = new Set(answers);
    expect([...kinds].sort()).toEqual(['200  fail', '200  pass', '503 5']);
    expect(answers.filter((answer) => answer.startsWith('200')).length).toBeGreaterThanOrEqual(66);
    expect(runner.context.queue.load()).toEqual({ running: 0, waiting: 0 });
  } finally {
    await runner.close();
  }
});

test('a caller who hangs up frees the slot', async () => {
  const runner = await startRunner();
  try {
    const hangUp = new AbortController();
    const started = fetch(`${runner.url}/internal/test-runs`, {
      method: 'POST',
      signal: hangUp.signal,
      headers: { 'content-type': 'application/json', authorization: 'Bearer test-token' },
      body: JSON.stringify(body('for(;;){}')),
    }).catch(() => 'hung up');
    while (runner.context.queue.load().running === 0) await new Promise((resolve) => setImmediate(resolve));
    hangUp.abort();
    expect(await started).toBe('hung up');
    expect((await runner.post(body('exit(0)'))).status).toBe(200);
  } finally {
    await runner.close();
  }
});

test('a request that waits too long for a slot is 503', async () => {
  const runner = await startRunner({
    verification: { testMs: 3_000, suiteMs: 4_000, memoryLimitMb: 128, runnerRequestMs: 4_050 },
  });
  try {
    const long = runner.post(body('for(;;){}'));
    while (runner.context.queue.load().running === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await runner.post(body('exit(0)'))).status).toBe(503);
    expect((await long).status).toBe(200);
  } finally {
    await runner.close();
  }
});

test('told to stop, it answers what runs and what waits with 503, and leaves no process', async () => {
  const runner = await startRunner();
  const pids = runner.context.workerPids();
  const inFlight = Array.from({ length: 4 }, () => runner.post(body('for(;;){}')));
  while (runner.context.queue.load().waiting < 3) await new Promise((resolve) => setImmediate(resolve));
  runner.context.stop();
  const answers = await Promise.all(inFlight);
  expect(answers.map((answer) => [answer.status, answer.headers.get('retry-after')])).toEqual(
    Array.from({ length: 4 }, () => [503, '5']),
  );
  expect((await fetch(`${runner.url}/ready`)).status).toBe(503);
  expect((await runner.post(body('exit(0)'))).status).toBe(503);
  pids.push(...runner.context.workerPids());
  await runner.close();
  expect(pids.length).toBeGreaterThanOrEqual(4);
  expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
});
