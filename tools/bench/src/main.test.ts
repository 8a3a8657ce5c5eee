import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Report } from './bench.ts';
import { PARTS, tellsUsage } from './processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const longestMs = 150_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-main-'));
  chmodSync(directory, 0o711); // Postgres, which root lends another account, must be able to pass.
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const asNpm = ['npm', 'run', '--silent', 'bench', '--'];
// npm ends by the signal that it passes on; the bench itself tells how it ended.
const byItself = [process.execPath, fileURLToPath(new URL('./main.ts', import.meta.url))];

/** Runs the bench, whose stacks keep their data in a directory that can be looked into; presses Ctrl-C when it says `moment`. */
async function bench([command, ...args]: readonly string[], moment?: RegExp) {
  const child = spawn(command!, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const [output, progress]: [string[], string[]] = [[], []];
  child.stdout.on('data', (text: Buffer) => output.push(text.toString()));
  child.stderr.on('data', (text: Buffer) => {
    progress.push(text.toString());
    if (moment?.test(text.toString()) === true) process.kill(-child.pid!, 'SIGINT');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output.join(''), progress: progress.join('') };
}

const leftovers = () => readdirSync(directory).filter((name) => name.startsWith('agent-registry'));

describe('npm run bench', () => {
  test(
    'prints each figure beside the machine’s limits, writes all of them as JSON, and leaves nothing behind',
    async () => {
      const [json, svg] = [join(directory, 'bench.json'), join(directory, 'bench.svg')];
      const only = ['--only', 'signed-get', '--seconds', '0.3', '--json', json, '--svg', svg];
      const { code, output, progress } = await bench([...asNpm, ...only]);
      expect([code, progress]).toEqual([0, expect.stringContaining('signed-get')]);
      expect(output).toMatch(/Ed25519 verify +[\d.]+ +[\d.]+/);
      expect(output).toMatch(/CPU ms by process +api +postgres .* p99 ms/);
      expect(output).toMatch(/signed GET × 8 .* signed ahead/);
      const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
      expect(report.rows.map(({ label, load }) => [label, load])).toEqual([
        ['signed GET', 1],
        ['signed GET', 8],
        ['signed GET', 32],
      ]);
      for (const { figures } of report.rows) {
        expect(Object.keys(figures.cpuMs)).toEqual([...PARTS]);
        expect(figures.count).toBeGreaterThan(0);
        expect(figures.p99Ms).toBeGreaterThanOrEqual(figures.p50Ms);
        if (!tellsUsage()) continue;
        expect(figures.cpuMs.api).toBeGreaterThan(0);
        // What reads the agent is counted; how many statements that takes is not this test's business. What an idle stack
        // sends meanwhile is an estimate, and so is the rest.
        expect(Math.round(figures.statements?.api ?? 0)).toBeGreaterThanOrEqual(1);
      }
      expect(report.limits.start.verify?.perSecond).toBeGreaterThan(0);
      expect([report.missing, report.comparisons]).toEqual([[], []]);
      expect(readFileSync(svg, 'utf8')).toContain('<polyline');
      expect(leftovers()).toEqual([]);
    },
    longestMs,
  );

  test(
    'ends everything when it is interrupted, and says so by its exit code',
    async () => {
      const { code, progress } = await bench([...byItself, '--only', 'signed-get'], /limits: what/);
      expect([code, progress]).toEqual([130, expect.stringContaining('interrupted')]);
      expect(leftovers()).toEqual([]);
    },
    longestMs,
  );
});
