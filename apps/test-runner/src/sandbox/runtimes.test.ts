import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withinReach } from './runtimes.ts';

const isRoot = process.getuid?.() === 0;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reach-'));
  chmodSync(directory, 0o711);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** An interpreter in a home directory, with these permissions of the two. */
function interpreter(homeMode: number, fileMode: number): string {
  const home = join(directory, 'home');
  mkdirSync(home);
  const file = join(home, 'node');
  writeFileSync(file, '#!/bin/sh\necho it runs\n');
  chmodSync(file, fileMode);
  chmodSync(home, homeMode);
  return file;
}

test('an interpreter for the sandboxes of a runner that is root is bound from where it is when everybody can reach and run it', () => {
  const file = interpreter(0o755, 0o755);
  expect(withinReach(file, directory)).toBe(file);
});

test.each([
  ['in a private home directory', 0o700, 0o755],
  ['that its owner alone may run', 0o755, 0o700],
  ['that its owner alone may run, in a private home directory', 0o700, 0o700],
])('%s is bound from a place where another user can run it', (_where, homeMode, fileMode) => {
  const reachable = withinReach(interpreter(homeMode, fileMode), directory);
  const user = isRoot ? { uid: 20_000, gid: 20_000 } : {};
  expect(execFileSync(reachable, { encoding: 'utf8', ...user })).toBe('it runs\n');
});
