import { beforeAll, describe, expect, test } from '@jest/globals';
import { startedJob } from './testing/jobs.ts';
import { openRegistry, openRunner } from './testing/open-registry.ts';
import { startProgram } from './testing/run-program.ts';
import { environment } from './testing/start-registry.ts';
import { createWebhookBench, until } from './testing/webhook-bench.ts';

const runner = await openRunner();
const registry = await openRegistry({ realTime: true, testRunnerUrl: runner.url, exchangeMs: 120_000 });
const bench = createWebhookBench(() => registry);

beforeAll(async () => {
  registry.tasks.mode = 'lose';
});

describe('a dispatcher that is told to stop', () => {
  test('a dispatcher that is told to stop lets an exchange that hangs go: 500, the lease given back, and another machine sends it at once', async () => {
    const behaviours = ['silent', 'ok'] as const;
    let calls = 0;
    const stranger = await bench.receiver({ behave: () => behaviours[calls++] ?? 'ok' });
    const parcel = await bench.parcel(stranger.url('ok'));
    const leaving = await registry.start();
    const answer = registry.dispatch(parcel.spec, leaving);
    await until(() => stranger.requests.length === 1);
    const closed = leaving.close();
    expect(await answer).toEqual({ status: 500, body: { outcome: 'stopping' } });
    await closed;
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'pending', attempts: 0 });
    expect(await registry.dispatch(parcel.spec)).toMatchObject({
      status: 200,
      body: { outcome: 'delivered' },
    });
  });

  test('a dispatcher exits 0 on SIGTERM in the middle of a verification, and gives the run back', async () => {
    runner.say = () => 'silence';
    const job = await startedJob(registry);
    const spec = await job.deliver();
    const { child, exited, output } = startProgram('main.ts', {
      ...environment(registry.emulator, registry.database, registry.first.url),
      TEST_RUNNER_URL: runner.url,
      PORT: '0',
    });
    const addressOf = () => /listening on (http:\/\/[\d.:]+)/.exec(output())?.[1];
    try {
      await until(() => addressOf() !== undefined);
      expect(output()).not.toContain('a signing key for tests');
      const health = await fetch(`${addressOf()}/ready`);
      expect(health.status).toBe(200);
      const token = await registry.token();
      const answer = fetch(`${addressOf()}${spec.path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(spec.body),
      });
      await until(() => runner.requests.some(({ path }) => path === '/internal/test-runs'));
      child.kill('SIGTERM');
      expect((await answer).status).toBe(500);
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
    expect(await job.run()).toMatchObject({ status: 'pending', lease_token: null });
  }, 30_000);
});
