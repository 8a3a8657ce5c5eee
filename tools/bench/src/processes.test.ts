import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { listStackProcesses, parseStat, readCpuMs, readMemoryMib, tellsUsage } from './processes.ts';

const here = tellsUsage() ? test : test.skip;

test('a process whose name has spaces and brackets is read as any other', () => {
  const text = '42 (a) b (c) S 7 42 42 0 -1 4194304 100 200 0 0 11 12 13 14 20 0 1 0 100 1000 50';
  expect(parseStat(text)).toEqual({ ppid: 7, own: 23, reaped: 27 });
});

/** Burns CPU in a child of its own, whose command line says that it is the API, and tells its pid. */
const program = `
  const child = require('node:child_process').spawn(process.execPath, ['--eval', process.env.BURN, 'apps/api/src/main.ts']);
  child.stdout.once('data', () => process.stdout.write(String(child.pid) + '\\n'));
  process.stdin.resume().once('end', () => { child.kill(); process.exit(0); });
`;
const burn = `
  const until = performance.now() + 200;
  while (performance.now() < until);
  console.log('burnt');
  setInterval(() => undefined, 1000);
`;

here('what a part’s process has used is counted for that part, with the processes below it', async () => {
  const root = spawn(process.execPath, ['--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, BURN: burn },
  });
  try {
    const [line] = (await once(root.stdout, 'data')) as [Buffer];
    const found = listStackProcesses(root.pid!);
    expect(found.map(({ pid, part }) => [pid, part])).toEqual([
      [root.pid, 'supervisor'],
      [Number(line.toString()), 'api'],
    ]);
    const cpuMs = readCpuMs(root.pid!);
    expect(cpuMs.api).toBeGreaterThan(0);
    expect([cpuMs.postgres, cpuMs.redis]).toEqual([0, 0]);
    expect(readMemoryMib(root.pid!).api).toBeGreaterThan(1);
  } finally {
    root.stdin.end();
    await once(root, 'exit');
  }
});
