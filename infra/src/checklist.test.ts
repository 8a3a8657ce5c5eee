import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readText, repositoryRoot } from './testing/repository.ts';

const runbooks = readdirSync(join(repositoryRoot, 'infra/runbooks')).map((name) => `infra/runbooks/${name}`);
const blocksOf = (page: string) =>
  [...readText(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
const checklist = blocksOf('infra/README.md');

test.each(['infra/README.md', ...runbooks])('%s uses no variable that the checklist does not set', (page) => {
  const isSet = (name: string) => checklist.some((block) => new RegExp(`(^|\\s)${name}=`, 'm').test(block));
  const spans = [...readText(page).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const used = [...blocksOf(page), ...spans]
    .flatMap((text) => text.split('\n').map((line) => line.replace(/ # .*/, '')))
    .flatMap((line) => [...line.matchAll(/\$\{?([A-Z_]+)/g)].map(([, name = '']) => name));
  expect(used.filter((name) => !isSet(name))).toEqual([]);
});

describe('sealing anew', () => {
  const sha = '0123456789abcdef0123456789abcdef01234567';
  // What gcloud prints: the revision that serves is the second, and its name tells nothing of its commit.
  const gcloud = `gcloud() {
    case "$*" in
      'projects describe'*) echo 123456789012 ;;
      'run services describe dispatcher'*) printf '\\tdispatcher-00001-old\\n100\\tdispatcher-00002-new\\n' ;;
      'run revisions describe dispatcher-00002-new'*) echo ${sha} ;;
      'run jobs '*) echo "$3 $4" ;;
      *) return 1 ;;
    esac
  }`;
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'checklist-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('takes the image and the commit of the revision that serves', () => {
    const manifest = join(directory, 'reseal.yaml');
    const block = checklist.find((text) => text.includes('execute reseal-secrets')) ?? '';
    const script = `set -euo pipefail\n${gcloud}\n${block.replaceAll('/tmp/reseal.yaml', manifest)}`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
      cwd: repositoryRoot,
      env: { PATH: process.env.PATH, PROJECT: 'agent-registry', REGION: 'us-west1', ENVIRONMENT: 'staging' },
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual([`replace ${manifest}\nexecute reseal-secrets\n`, '']);
    const text = readFileSync(manifest, 'utf8');
    expect(text).toContain('/agent-registry/dispatcher:0123456"');
    expect(text).toContain(`commit-sha: "${sha}"`);
    expect(text).toContain('https://dispatcher-123456789012.us-west1.run.app');
    expect(text).not.toMatch(/SHORT_SHA|COMMIT_SHA|PROJECT_NUMBER/);
  });
});
