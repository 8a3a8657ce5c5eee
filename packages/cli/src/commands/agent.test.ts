import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from '@agent-registry/client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { profileFile } from '../profiles.ts';
import { runCommandLine } from '../run-command-line.ts';
import { recordIo } from '../testing/recorded-io.ts';

const NOBODY = 'http://127.0.0.1:1';
let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cli-register-'));
  file = profileFile({ XDG_CONFIG_HOME: home }, 'default');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function register(...options: readonly string[]) {
  const io = recordIo({ env: { XDG_CONFIG_HOME: home } });
  const exitCode = await runCommandLine(['register', 'Alice', '--registry', NOBODY, ...options], io);
  return { exitCode, ...io.said };
}
const keyIn = (path: string): unknown =>
  (JSON.parse(readFileSync(path, 'utf8')) as { private_key: unknown }).private_key;

test('a registration that is not answered keeps its key for its owner alone, and the next attempt uses it', async () => {
  expect((await register()).exitCode).toBe(3);
  const key = keyIn(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await register()).exitCode).toBe(3);
  expect(keyIn(file)).toBe(key);
  const other = join(home, 'other-key');
  writeFileSync(other, generateKeyPair().privateKey);
  expect(await register('--key', other)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('another key'),
  });
  expect(keyIn(file)).toBe(key);
});

test('a profile that holds an agent is not registered over', async () => {
  await register();
  const stored = JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), agent_id: 'an-agent' });
  writeFileSync(file, stored);
  expect(await register()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--profile') });
  expect(readFileSync(file, 'utf8')).toBe(stored);
});

test('a key that is none is refused without being repeated, and nothing is written', async () => {
  const wrong = join(home, 'wrong-key');
  writeFileSync(wrong, 'SECRET-BUT-WRONG');
  const { exitCode, stderr } = await register('--key', wrong);
  expect([exitCode, stderr.includes('SECRET'), readdirSync(home)]).toEqual([2, false, ['wrong-key']]);
});

test('a file that holds no agent is refused rather than overwritten', async () => {
  await register();
  writeFileSync(file, 'my notes');
  expect((await register()).exitCode).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe('my notes');
});
