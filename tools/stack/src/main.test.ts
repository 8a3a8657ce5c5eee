import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const longestMs = 50_000;
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stack-main-'));
  chmodSync(dataDir, 0o711); // Postgres, which root lends another account, must be able to pass.
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs `npm start` until a line matches, presses Ctrl-C, and waits until it has ended. */
async function interruptAt(moment: RegExp) {
  const args = ['--free-ports', '--no-redis', '--data', dataDir];
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (moment.test(line)) child.kill('SIGINT');
  });
  const [code] = await ended;
  return { code, lines, errors };
}

describe('Ctrl-C while the stack starts', () => {
  test.each([
    ['Postgres', /postgres +LOG: +starting/],
    ['the database', /emulator ready/],
  ])('(%s) ends it as if it had run, and tells of no failure', async (_, moment) => {
    const { code, lines, errors } = await interruptAt(moment);
    expect(lines.some((line) => moment.test(line))).toBe(true);
    expect([code, errors]).toEqual([0, '']);
    expect(lines.filter((line) => line.startsWith('stack') && !line.includes('ready at'))).toEqual([]);
    expect(readdirSync(join(dataDir, 'run'))).toEqual([]);
  });
});
