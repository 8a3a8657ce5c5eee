import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { programPaths } from '../src/bundle-paths.ts';
import { createWorkerPool } from '../src/worker-pool.ts';

// A program of its own, to be run with few descriptors: its worker is killed while there is none left.
const pool = createWorkerPool({
  kind: 'checks',
  paths: programPaths(),
  heapMb: 128,
  maxMemoryBytes: 64 << 20,
  size: 1,
});
await pool.warm();
const taken: number[] = [];
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  for (const pid of pool.pids()) process.kill(pid, 'SIGKILL');
}
await delay(300);
for (const fd of taken) closeSync(fd);
await pool.warm();
const test = { testId: 'a', type: 'assertion', expression: 'output == 1.0' } as const;
const bounds = { wallMs: 20_000, rssBytes: 512 << 20, answerBytes: 65_536 };
const end = await pool.run({ test }, Buffer.from('1'), bounds, new AbortController().signal);
await pool.close();
process.stdout.write(JSON.stringify(end));
