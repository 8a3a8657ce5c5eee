import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SERVICE_NAMES, type ServiceName } from '../environments.ts';
import { repositoryRoot } from '../testing/repository.ts';
import { findAffectedApps } from './find-affected.ts';

const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
jest.setTimeout(120_000);
let clone = '';
let base = '';

const git = (...args: string[]): string =>
  execFileSync('git', [...identity, ...args], { cwd: clone, encoding: 'utf8' }).trim();

/** The apps that a commit which only changes these files affects. */
async function affectedBy(...paths: string[]): Promise<ServiceName[]> {
  git('reset', '--quiet', '--hard', base);
  for (const path of paths) appendFileSync(join(clone, path), '\n');
  git('add', '--all', '--', ...paths);
  git('commit', '--quiet', '--message', 'a change');
  return [...((await findAffectedApps(clone, base)) ?? [])];
}

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'agent-registry-affected-'));
  execFileSync('git', ['clone', '--quiet', '--shared', repositoryRoot, clone]);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(clone, 'node_modules'));
  base = git('rev-parse', 'HEAD');
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe('a change in', () => {
  test('packages/signing rebuilds three images', async () => {
    expect(await affectedBy('packages/signing/src/index.ts')).toEqual([...SERVICE_NAMES]);
  });

  test('apps/api alone rebuilds one', async () => {
    expect(await affectedBy('apps/api/src/server.ts')).toEqual(['api']);
  });

  test('packages/db leaves the test-runner as it is', async () => {
    expect(await affectedBy('packages/db/src/index.ts')).toEqual(['api', 'dispatcher']);
  });

  test('the documentation rebuilds none', async () => {
    expect(await affectedBy('README.md')).toEqual([]);
  });

  test('the Dockerfile or the lock file rebuilds all', async () => {
    expect(await affectedBy('Dockerfile')).toEqual([...SERVICE_NAMES]);
    expect(await affectedBy('package-lock.json')).toEqual([...SERVICE_NAMES]);
  });
});

test('nothing can be said of a commit that cannot be had', async () => {
  git('remote', 'set-url', 'origin', join(clone, 'nowhere'));
  expect(await findAffectedApps(clone, '0'.repeat(40))).toBeNull();
  expect(await findAffectedApps(clone, 'HEAD; reboot')).toBeNull();
});

test('the serving commit is fetched by its name into a shallow checkout', async () => {
  const shallow = mkdtempSync(join(tmpdir(), 'agent-registry-shallow-'));
  try {
    git('reset', '--quiet', '--hard', base);
    appendFileSync(join(clone, 'README.md'), '\n');
    git('commit', '--quiet', '--all', '--message', 'a change');
    git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${clone}`, shallow]);
    symlinkSync(join(repositoryRoot, 'node_modules'), join(shallow, 'node_modules'));
    expect([...((await findAffectedApps(shallow, base)) ?? ['not fetched'])]).toEqual([]);
  } finally {
    rmSync(shallow, { recursive: true, force: true });
  }
});
