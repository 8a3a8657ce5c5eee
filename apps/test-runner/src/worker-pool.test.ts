import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BackendUnavailable } from './backend.ts';
import { programPaths } from './bundle-paths.ts';
import { readCpuMs, readRssBytes } from './process-usage.ts';
import type { JavascriptJob } from './worker/protocol.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

const mb = 1_048_576;
const bounds = { wallMs: 20_000, rssBytes: 512 * mb, answerBytes: mb };
const never = new AbortController().signal;
let pool: WorkerPool;

beforeEach(async () => {
  pool = createWorkerPool({
    kind: 'javascript',
    paths: programPaths(),
    heapMb: 64,
    maxMemoryBytes: 64 * mb,
    size: 2,
  });
  await pool.warm();
});
afterEach(() => pool.close());

const runJob = (script: string) => {
  const job: JavascriptJob = {
    scriptBytes: script.length,
    steps: 1e12,
    memoryBytes: 64 * mb,
    outputBytes: mb,
    keptOutputBytes: 1_000,
  };
  return pool.run(job, Buffer.from(`${script}null`), bounds, never);
};
const killAll = () => {
  for (const pid of pool.pids()) process.kill(pid, 'SIGKILL');
};
const passed = { kind: 'result', result: { outcome: 'passed' } };

test('a job that is handed to workers just killed is run by the workers that replace them', async () => {
  for (let round = 0; round < 3; round += 1) {
    killAll();
    expect(await runJob('exit(0)')).toMatchObject(passed);
  }
});

test('a job whose worker is killed from outside once it has begun has no verdict, and the worker is replaced', async () => {
  const before = new Map(pool.pids().map((pid) => [pid, readCpuMs(pid)]));
  const busy = (pid: number): boolean => readCpuMs(pid) - (before.get(pid) ?? 0) > 200;
  const running = runJob('for(;;){}');
  while (!pool.pids().some(busy)) await new Promise((resolve) => setTimeout(resolve, 5));
  const broken = expect(running).rejects.toThrow('killed from outside');
  killAll();
  await broken;
  expect(await runJob('exit(0)')).toMatchObject(passed);
});

test('where every worker is killed before it begins, the job is refused without a verdict', async () => {
  const stopped = new Set<number>();
  // A stopped worker is handed the job and does not begin it; a moment later it is killed.
  const attack = () => {
    for (const pid of pool.pids()) {
      process.kill(pid, stopped.has(pid) ? 'SIGKILL' : 'SIGSTOP');
      stopped.add(pid);
    }
  };
  attack();
  const timer = setInterval(attack, 20);
  try {
    await expect(runJob('exit(0)')).rejects.toThrow(BackendUnavailable);
  } finally {
    clearInterval(timer);
  }
});

test('a worker that ends while there is no descriptor left is replaced when there is one again', async () => {
  const program = fileURLToPath(new URL('../test/workers-without-descriptors.ts', import.meta.url));
  const command = 'ulimit -n 100; exec "$0" "$1"';
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command, process.execPath, program]);
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'result', result: { outcome: 'passed' } });
});

test('a worker over its memory is killed even while the event loop of the service is busy', async () => {
  await runJob('0');
  const before = pool.pids();
  const rssBytes = Math.max(...before.map(readRssBytes)) + 25 * mb;
  const script = 'const grown = new Uint8Array(45e6).fill(1); for (;;) {}';
  const job: JavascriptJob = {
    scriptBytes: script.length,
    steps: 1e15,
    memoryBytes: 64 * mb,
    outputBytes: mb,
    keptOutputBytes: 1_000,
  };
  const running = pool.run(job, Buffer.from(`${script}null`), { ...bounds, rssBytes }, never);
  await new Promise((resolve) => setImmediate(resolve));
  const waitedUntil = performance.now() + 20_000;
  while (!before.some(isDead) && performance.now() < waitedUntil);
  expect(before.filter(isDead)).toHaveLength(1);
  expect(await running).toMatchObject({ kind: 'stopped', reason: 'memory' });
});

/** A zombie: it is reaped in the next turn of the event loop. */
function isDead(pid: number): boolean {
  return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}
