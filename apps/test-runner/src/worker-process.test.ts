import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { until } from '../test/sandbox/until.ts';
import { programPaths } from './bundle-paths.ts';
import { readCpuMs } from './process-usage.ts';
import { startWorker } from './worker-process.ts';

const program = fileURLToPath(new URL('../test/run-workers-until-killed.ts', import.meta.url));

/** The living processes of the group that a worker leads: itself, and the one that waits for its runner's end. */
function livingOf(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [state, , of] = (/\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? '').split(
          ' ',
        );
        return Number(of) === group && state !== 'Z' && state !== 'X';
      } catch {
        return false;
      }
    });
}

test('workers in the middle of a job end when their runner is killed, whatever they are doing', async () => {
  const runner = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = await once(runner.stdout, 'data');
  const [checks, scripts] = String(said).split(' ').map(Number) as [number, number];
  // One that no longer looks at its standard input, as in a long check.
  process.kill(checks, 'SIGSTOP');
  const before = readCpuMs(scripts);
  await until('the script runs', () => readCpuMs(scripts) - before > 200);
  runner.kill('SIGKILL');
  await until('no worker is left', () => [checks, scripts].flatMap(livingOf).length === 0);
});

test('a worker that is killed leaves no process that waits for the end of its runner', async () => {
  const options = { paths: programPaths(), heapMb: 64, maxMemoryBytes: 67_108_864 };
  const worker = startWorker({ kind: 'javascript', ...options });
  await worker.ready;
  expect(livingOf(worker.pid)).toHaveLength(2);
  worker.kill();
  await worker.exited;
  await until('its group is empty', () => livingOf(worker.pid).length === 0);
});
