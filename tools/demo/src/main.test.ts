import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const run = promisify(execFile);
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const flags = [main];
const demoTimeoutMs = 120_000;
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'demo-test-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const env = () => ({ ...process.env, TMPDIR: scratch });

test(
  'the demo tells four jobs, counts every cent and leaves nothing behind',
  async () => {
    const { stdout } = await run(process.execPath, flags, { env: env(), timeout: demoTimeoutMs });
    for (const chapter of [
      'Job 1 ·',
      'Job 2 ·',
      'Job 3 ·',
      'Job 4 ·',
      'What they heard',
      'The ledger',
      'Everything is as it should be',
    ])
      expect(stdout).toContain(chapter);
    // Where there is no sandbox, Bob cannot have a program tested, and keeps his 8.00.
    const soldProgram = !stdout.includes('job 4 is left out');
    expect(stdout).toContain(soldProgram ? 'Alice has 86.20' : 'Alice has 78.40');
    expect(stdout).toContain(soldProgram ? 'Bob has 22.00' : 'Bob has 30.00');
    expect(stdout).not.toContain('\u001b'); // No colour where there is no terminal.
    expect(readdirSync(scratch)).toEqual([]);
  },
  demoTimeoutMs,
);

test(
  'Ctrl-C in the middle leaves no process and no directory',
  async () => {
    const demo = spawn(process.execPath, flags, { env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => demo.on('close', resolve));
    demo.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('Two agents meet')) demo.kill('SIGINT');
    });
    expect(await ended).toBe(130);
    expect(readdirSync(scratch)).toEqual([]);
  },
  demoTimeoutMs,
);
