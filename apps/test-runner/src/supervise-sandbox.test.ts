import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { attackLimits, maxLimits } from '../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../test/sandbox/availability.ts';
import { scriptJob } from '../test/sandbox/script-job.ts';
import type { ScriptBackend } from './backend.ts';
import { superviseSandbox } from './supervise-sandbox.ts';

/** What a stranger's pattern or schema did to the service's event loop, again and again. */
async function keepBusy(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    const until = performance.now() + 900;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describeWithSandbox("sandboxes while the service's event loop is busy", () => {
  let backend: ScriptBackend;
  beforeAll(async () => {
    const options = { maxLimits, allowWatchdog: true, withoutGroups: true, poolSize: 0, concurrency: 2 };
    backend = (await superviseSandbox(options)).backend as ScriptBackend;
  }, 60_000);
  afterAll(() => backend.close());

  const run = (source: string, limits: Partial<typeof attackLimits>, signal = new AbortController().signal) =>
    backend.run(scriptJob(source, limits), signal);

  const whileBusy = async <T>(running: Promise<T>): Promise<T> => {
    let isDone = false;
    const [ended] = await Promise.all([
      running.finally(() => {
        isDone = true;
      }),
      keepBusy(() => isDone),
    ]);
    return ended;
  };

  test('a script that ends in time passes', async () => {
    const ended = await whileBusy(run('sleep 1.2', { wallMs: 1_800 }));
    expect(ended).toMatchObject({ outcome: 'passed' });
  });

  test('one that uses more memory than its limit is ended for it, near the limit', async () => {
    const memoryBytes = 64 * 1024 * 1024;
    const ended = await whileBusy(run('tail /dev/zero', { memoryBytes, wallMs: 20_000 }));
    expect(ended).toMatchObject({ outcome: 'memory' });
    expect(ended.usage.peakMemoryBytes).toBeLessThan(8 * memoryBytes);
  });

  test('one that runs on is ended at its limit', async () => {
    expect(await whileBusy(run('sleep 60', { wallMs: 500 }))).toMatchObject({ outcome: 'timeout' });
  });

  test('an abort reaches it, and rejects with its own reason', async () => {
    const abort = new AbortController();
    const running = run('sleep 60', {}, abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  test('a program is run with its bytes, and gives back bytes', async () => {
    const { outcome, stdoutBytes } = await backend.runProgram(
      {
        runtime: 'bash:5',
        files: [{ name: 'main.sh', bytes: Buffer.from('cat; echo "$1"') }],
        entry: 'main.sh',
        args: ['a'],
        stdin: Buffer.from([0xff, 0x0a]),
        limits: attackLimits,
      },
      new AbortController().signal,
    );
    expect(outcome).toBe('passed');
    expect(stdoutBytes).toEqual(Buffer.from([0xff, 0x0a, 0x61, 0x0a]));
  });
});
