import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadEnv } from './load-env.ts';
import { maskedSummary } from './masked-summary.ts';
import { readApiConfig, readDispatcherConfig, readTestRunnerConfig } from './services.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const example = () => readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');

test('the environment wins over .env, which fills the gaps', () => {
  writeFileSync(join(cwd, '.env'), 'PORT=1\nHOST="from file"\n');
  expect(loadEnv({ cwd, env: { PORT: '2' } })).toEqual({ PORT: '2', HOST: 'from file' });
});

test('without .env the environment is all there is', () => {
  expect(loadEnv({ cwd, env: { PORT: '2' } })).toEqual({ PORT: '2' });
});

test('a configuration is logged without its secrets', () => {
  const key = 'a signing key that is long enough to serve';
  const env = {
    ...parseEnv(example()),
    PLATFORM_SIGNING_KEY: key,
    REDIS_URL: 'redis://:hunter2@cache:6379?p=hunter2',
  };
  const config = readApiConfig({
    ...env,
    DATABASE_URL: 'postgres://me:hunter2@db/r',
    OPERATOR_API_KEYS: 'ab'.repeat(32),
  });
  const printed = JSON.stringify(maskedSummary(config));
  expect(printed).not.toContain(key);
  expect(printed).not.toContain('hunter2');
  expect(printed).not.toContain('ab'.repeat(32));
  expect(printed).toContain('postgres://***@db/r');
  expect(printed).toContain('"feeRatePpm":"25000"');
});

test('.env.example needs only a signing key to serve all three services', () => {
  const env = { ...parseEnv(example()), PLATFORM_SIGNING_KEY: 'k'.repeat(32) };
  expect(readApiConfig(env).env).toBe('development');
  expect(readDispatcherConfig(env).env).toBe('development');
  expect(readTestRunnerConfig(env).env).toBe('development');
});

test('.env.example names every variable that the schemas know, each with a comment, and no secret', () => {
  const source = ['variables', 'database', 'signing-keys', 'market-rules', 'rate-limits', 'time-limits'];
  const files = [...source, 'transparency-log', 'shared-groups', 'tasks-and-tokens', 'api-groups'].map(
    (name) => readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8'),
  );
  const known = new Set(
    files.flatMap((file) => [...file.matchAll(/(?:^ {2,6}|\{ )([A-Z][A-Z_]+):/gm)].map((m) => m[1])),
  );
  const lines = example().split('\n');
  const named = lines
    .map((line) => /^#? ?([A-Z][A-Z_]+)=/.exec(line)?.[1])
    .filter((name) => name !== undefined);
  expect(new Set(named)).toEqual(known);
  expect(known.size).toBeGreaterThan(50);
  lines.forEach((line, at) => {
    if (/^#? ?[A-Z][A-Z_]+=/.test(line)) expect(lines[at - 1]).toMatch(/^# [^=]+|^#? ?[A-Z][A-Z_]+=/);
  });
  expect(lines).toContain('PLATFORM_SIGNING_KEY=');
});
