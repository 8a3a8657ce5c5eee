import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { attackLimits, maxLimits } from '../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { findLeftovers } from '../../test/sandbox/leftovers.ts';
import { until } from '../../test/sandbox/until.ts';
import { waitingInterpreters } from '../../test/sandbox/waiting-interpreters.ts';
import { BackendUnavailable, type ScriptBackend, type ScriptLimits } from '../backend.ts';
import { createSandboxBackend } from './index.ts';
import type { SandboxRuntime } from './runtimes.ts';

const never = new AbortController().signal;
const mebibyte = 1024 * 1024;

/** A script for each runtime that copies the deliverable to standard output. */
const echoes: Record<SandboxRuntime, string> = {
  'python:3':
    "import json\nprint(json.dumps(json.load(open('/input/result.json')), separators=(',', ':'), ensure_ascii=False))",
  'node:24':
    "console.log(JSON.stringify(require('node:fs').readFileSync('/input/result.json', 'utf8')).slice(1, -1).replaceAll('\\\\', ''))",
  'bash:5': 'cat /input/result.json; echo',
};

describeWithSandbox('the sandbox', () => {
  let backend: ScriptBackend;
  let warm: ScriptBackend;

  const job = (runtime: SandboxRuntime, script: string, limits: Partial<ScriptLimits> = {}) => ({
    runtime,
    script: Buffer.from(script),
    deliverableJson: Buffer.from('{"n":"zwölf"}'),
    limits: { ...attackLimits, ...limits },
  });
  const run = (runtime: SandboxRuntime, script: string, limits?: Partial<ScriptLimits>) =>
    backend.run(job(runtime, script, limits), never);

  beforeAll(async () => {
    const common = { maxLimits, allowWatchdog: true, concurrency: 2 };
    const [cold, pooled] = [
      await createSandboxBackend({ ...common, poolSize: 0 }),
      await createSandboxBackend({ ...common, poolSize: 1 }),
    ];
    if (cold.backend === null || pooled.backend === null) {
      throw new Error(cold.report.reason ?? pooled.report.reason ?? 'no backend');
    }
    backend = cold.backend;
    warm = pooled.backend;
  });

  afterAll(async () => {
    await backend?.close();
    await warm?.close();
  });

  test('the sandbox offers the runtimes of this machine with their versions', () => {
    const versions = Object.fromEntries(backend.runtimes.map(({ name, version }) => [name, version]));
    expect(versions['bash:5']).toMatch(/^5\./);
    expect(versions['node:24']).toMatch(/^24\./);
  });

  test.each(Object.entries(echoes) as [SandboxRuntime, string][])(
    '%s reads the deliverable',
    async (name, script) => {
      for (const each of [backend, warm]) {
        const ended = await each.run(job(name, script), never);
        expect(ended).toMatchObject({
          outcome: 'passed',
          exitCode: 0,
          stdout: '{"n":"zwölf"}\n',
          stderr: '',
        });
      }
    },
  );

  test('a script meets the same surroundings cold and warm', async () => {
    const scripts: [SandboxRuntime, string][] = [
      [
        'bash:5',
        'env | sort; ls -l /proc/self/fd | wc -l; echo $0 $# $-; cat; ulimit -a; ls -a / /input /tmp',
      ],
      [
        'python:3',
        'import os, resource, sys\nprint(__name__, __file__, sys.argv, sorted(os.environ), sys.stdin.read(), os.getcwd(), sys.path)\nprint(sorted(globals()), __spec__, __cached__, __annotations__, type(__loader__), sys.flags)\nprint([resource.getrlimit(kind) for kind in range(16)], os.listdir("/proc/self/fd"))',
      ],
      [
        'node:24',
        'console.log(process.argv, require.main === module, __filename, process.env, process.cwd(), process.execArgv)',
      ],
    ];
    for (const [runtime, script] of scripts) {
      const [first, second] = await Promise.all([
        run(runtime, script),
        warm.run(job(runtime, script), never),
      ]);
      expect(first.outcome).toBe('passed');
      expect(second.stdout).toBe(first.stdout);
    }
  });

  test('an exit code is the verdict and is passed on', async () => {
    expect(await run('python:3', 'raise SystemExit(3)')).toMatchObject({ outcome: 'failed', exitCode: 3 });
    expect(await run('node:24', 'process.exitCode = 4')).toMatchObject({ outcome: 'failed', exitCode: 4 });
    expect(await run('bash:5', 'exit 5')).toMatchObject({ outcome: 'failed', exitCode: 5 });
  });

  test("a traceback shows the script's frames and none of the harness, cold and warm", async () => {
    const script = "def f():\n  raise ValueError('wrong')\nf()";
    const { stderr } = await run('python:3', script);
    expect(stderr).toMatch(/^Traceback \(most recent call last\):\n {2}File "\/input\/script.py", line 3/);
    expect(stderr).not.toContain('harness');
    expect((await warm.run(job('python:3', script), never)).stderr).toBe(stderr);
  });

  test.each(['python:3', 'node:24', 'bash:5'] as const)(
    '%s with the least memory is run, not refused',
    async (runtime) => {
      const { outcome } = await run(runtime, '', { memoryBytes: 16 * mebibyte });
      expect(['passed', 'memory']).toContain(outcome);
    },
  );

  test('node runs scripts of either module system', async () => {
    expect(await run('node:24', "import fs from 'node:fs'; await 0; console.log(typeof fs);")).toMatchObject({
      outcome: 'passed',
      stdout: 'object\n',
    });
  });

  test('a signal and a forbidden call are told apart from a failure', async () => {
    expect(await run('bash:5', 'kill -SEGV $$')).toMatchObject({ outcome: 'killed', exitCode: null });
    const x32 = 'import ctypes\nctypes.CDLL(None).syscall(0x40000027)';
    expect(await run('python:3', x32)).toMatchObject({ outcome: 'forbidden', exitCode: null });
  });

  test('output is kept to its bound and made readable', async () => {
    const ended = await run('bash:5', "printf 'a\\377b'; head -c 100000 /dev/zero | tr '\\0' x >&2");
    expect(ended.stdout).toBe('a\ufffdb');
    expect(ended.stderr).toBe('x'.repeat(64 * 1024));
  });

  test('usage is measured', async () => {
    const { usage } = await run(
      'python:3',
      `x = bytearray(b'1' * (60 << 20))\nfor i in range(1_000_000): pass`,
    );
    expect(usage.cpuMs).toBeGreaterThan(0);
    expect(usage.durationMs).toBeGreaterThan(0);
    expect(usage.peakMemoryBytes).toBeGreaterThan(0);
    expect(usage.peakMemoryBytes).toBeLessThan(256 * mebibyte);
  });

  test('a job may be held lower than its interpreter was started with', async () => {
    const script = "x = b'1' * (100 << 20)\nimport time\ntime.sleep(0.2)";
    const limits = { memoryBytes: 64 * mebibyte };
    expect(await run('python:3', script, limits)).toMatchObject({ outcome: 'memory', exitCode: null });
    expect(await run('python:3', script)).toMatchObject({ outcome: 'passed' });
  });

  test('a script whose waiting interpreters were killed this moment runs in another, whatever the moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      await until('they wait', () => waitingInterpreters().length > 0);
      for (const pid of waitingInterpreters()) process.kill(pid, 'SIGKILL');
      if (round % 2 === 1) await new Promise((resolve) => setTimeout(resolve, round / 2));
      const ended = await warm.run(job('python:3', "print('ran')"), never);
      expect(ended).toMatchObject({ outcome: 'passed', stdout: 'ran\n' });
    }
  });

  test('an abort ends the script and rejects with its reason', async () => {
    const controller = new AbortController();
    const running = backend.run(job('bash:5', 'echo started; sleep 600'), controller.signal);
    await until('it runs', () => findLeftovers().processes.length > 0);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(backend.run(job('bash:5', ''), AbortSignal.abort(new Error('too late')))).rejects.toThrow(
      'too late',
    );
  });

  test('an abort at any moment of the start rejects with its reason', async () => {
    for (let round = 0; round < 40; round += 1) {
      const controller = new AbortController();
      const running = backend.run(job('bash:5', 'sleep 600'), controller.signal);
      setTimeout(() => controller.abort(new Error('enough')), round / 4);
      await expect(running).rejects.toThrow('enough');
    }
  });

  test('a script that cannot be started is unavailable, and no verdict', async () => {
    const controller = new AbortController();
    const running = [1, 2].map(() => backend.run(job('bash:5', 'sleep 600'), controller.signal));
    await expect(run('bash:5', '')).rejects.toThrow(BackendUnavailable);
    controller.abort(new Error('enough'));
    await Promise.allSettled(running);
    const javascript = { ...job('bash:5', ''), runtime: 'javascript' } as const;
    await expect(backend.run(javascript, never)).rejects.toThrow('not offered');
  });

  test('closing ends what runs and leaves nothing', async () => {
    const { backend: closing } = await createSandboxBackend({
      maxLimits,
      allowWatchdog: true,
      poolSize: 1,
    });
    const running = closing?.run(job('bash:5', 'sleep 600'), never);
    running?.catch(() => undefined);
    await closing?.close();
    await expect(running).rejects.toThrow();
    await expect(closing?.run(job('bash:5', ''), never)).rejects.toThrow(BackendUnavailable);
  });
});
