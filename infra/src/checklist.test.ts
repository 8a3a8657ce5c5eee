import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readApiConfig, readDatabaseConfig, readDispatcherConfig } from '@agent-registry/config';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { APIS } from './apis.ts';
import { ENVIRONMENTS, type Environment } from './environments.ts';
import { renderAll } from './render-all.ts';
import { describeMigrations } from './render-jobs.ts';
import { describeService } from './render-service.ts';
import { SECRET_NAMES } from './secrets.ts';
import { fakeValues } from './testing/fake-values.ts';
import { readText, repositoryRoot } from './testing/repository.ts';

const runbooks = readdirSync(join(repositoryRoot, 'infra/runbooks')).map((name) => `infra/runbooks/${name}`);
const blocksOf = (page: string) =>
  [...readText(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
const checklist = blocksOf('infra/README.md');

const rendered = readText('infra/rendered/staging/environment.sh');
test.each(['infra/README.md', ...runbooks])('%s uses no variable that the checklist does not set', (page) => {
  const isSet = (name: string) =>
    [rendered, ...checklist].some((block) => new RegExp(`(^|\\s)${name}=`, 'm').test(block));
  const spans = [...readText(page).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const used = [...blocksOf(page), ...spans]
    .flatMap((text) => text.split('\n').map((line) => line.replace(/ # .*/, '')))
    .flatMap((line) => [...line.matchAll(/\$\{?([A-Z_]+)/g)].map(([, name = '']) => name));
  expect(used.filter((name) => !isSet(name))).toEqual([]);
});

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly { readonly args: readonly string[]; readonly stdin: string }[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly resealed: string;
}

/** Runs every block of the README as written, in one strict shell, where gcloud is a stand-in that knows what was made. */
const runChecklist = (directory: string, environment: Environment): Run => {
  const { name } = environment;
  for (const [path, text] of renderAll({ [name]: environment })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  symlinkSync(join(repositoryRoot, 'infra/src/testing/fake-gcloud.mjs'), join(bin, 'gcloud'));
  symlinkSync(process.execPath, join(bin, 'node'));
  const manifest = join(directory, 'reseal.yaml');
  const script = ['set -euo pipefail', ...checklist]
    .join('\n')
    .replaceAll('/tmp/reseal.yaml', manifest)
    .replace('rendered/staging/environment.sh', `rendered/${name}/environment.sh`);
  const state = join(directory, 'state.json');
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
    cwd: directory,
    env: { PATH: `${bin}:${process.env.PATH}`, FAKE_GCLOUD_STATE: state },
    encoding: 'utf8',
  });
  const { commands, secrets } = JSON.parse(readFileSync(state, 'utf8')) as Pick<Run, 'commands' | 'secrets'>;
  return {
    status,
    stdout,
    stderr,
    commands,
    secrets,
    resealed: status === 0 ? readFileSync(manifest, 'utf8') : '',
  };
};

const strangers: Environment = {
  ...ENVIRONMENTS.staging,
  project: 'acme-agents',
  region: 'europe-west4',
  domain: 'agents.acme.example',
};

describe.each([
  ['production', ENVIRONMENTS.production],
  ["a stranger's project with a domain in another region", strangers],
])('the checklist, run as written for %s,', (_what, environment) => {
  let directory: string;
  let run: Run;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'checklist-'));
    run = runChecklist(directory, environment);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const commands = (prefix: string) => run.commands.filter(({ args }) => args.join(' ').startsWith(prefix));

  test('the checklist ends well, with every variable set and each thing made before it is needed', () => {
    expect([run.status, run.stderr]).toEqual([0, '']);
  });

  test('the checklist makes everything in the project and region that environments.ts names', () => {
    for (const { args } of run.commands) {
      for (const arg of args) {
        const [, flag, value] = /^--(project|region|location)=(.*)$/.exec(arg) ?? [];
        if (flag !== undefined)
          expect(value).toBe(flag === 'project' ? environment.project : environment.region);
      }
    }
    expect(commands('services enable').flatMap(({ args }) => args.slice(2))).toEqual(APIS);
    expect(commands('beta run domain-mappings create')).toHaveLength(environment.domain === null ? 0 : 1);
  });

  test('fills every secret with a value that the configuration takes', () => {
    expect(Object.keys(run.secrets).sort()).toEqual([...SECRET_NAMES].sort());
    const valuesOf = (service: 'api' | 'dispatcher') =>
      fakeValues(
        describeService(service, environment).spec.template.spec.containers[0]?.env ?? [],
        run.secrets,
      );
    const api = readApiConfig(valuesOf('api'));
    const [, key = ''] = /^X-Operator-Key: (\S+)$/m.exec(run.stdout) ?? [];
    expect(api.operatorKeyHashes).toEqual([
      { name: 'operator-1', hash: createHash('sha256').update(key).digest('hex') },
    ]);
    expect(api.redisUrl).toBe('redis://:c0ffee-auth-string@10.0.0.3:6379');
    expect(api.publicBaseUrl).toBe(
      environment.domain === null
        ? `https://api-123456789012.${environment.region}.run.app`
        : 'https://agents.acme.example',
    );
    expect(api.tasks).toMatchObject({ project: environment.project, location: environment.region });
    expect(readDispatcherConfig(valuesOf('dispatcher')).signing).toEqual(api.signing);
    const job = describeMigrations(environment).spec.template.spec.template.spec.containers[0]?.env ?? [];
    expect(() => readDatabaseConfig(fakeValues(job, run.secrets))).not.toThrow();
  });

  test('the checklist gives each database role the password that its service will read', () => {
    const [{ stdin } = { stdin: '' }] = commands('sql connect');
    for (const role of ['owner', 'api', 'dispatcher'])
      expect(stdin).toContain(
        `ROLE registry_${role} LOGIN PASSWORD '${run.secrets[`db-password-${role}`]?.trim()}'`,
      );
  });

  test('seals anew with the image and the commit of the revision that serves', () => {
    const sha = '0123456789abcdef0123456789abcdef01234567';
    expect(run.resealed).toContain('/agent-registry/dispatcher:0123456"');
    expect(run.resealed).toContain(`commit-sha: "${sha}"`);
    expect(run.resealed).toContain(`https://dispatcher-123456789012.${environment.region}.run.app`);
    expect(run.resealed).not.toMatch(/SHORT_SHA|COMMIT_SHA|PROJECT_NUMBER/);
  });
});

test('a step of the checklist that comes too early ends it: the stand-in for gcloud has nothing that was not made', () => {
  const directory = mkdtempSync(join(tmpdir(), 'checklist-'));
  try {
    const gcloud = (...args: string[]) =>
      spawnSync(process.execPath, [join(repositoryRoot, 'infra/src/testing/fake-gcloud.mjs'), ...args], {
        env: { FAKE_GCLOUD_STATE: join(directory, 'state.json'), PROJECT: 'p' },
        encoding: 'utf8',
      });
    const refused = (...args: string[]) => gcloud(...args).stderr;
    expect(refused('services', 'enable', 'run.googleapis.com')).toContain('NOT_FOUND: projects p');
    expect(refused('projects', 'create', 'p')).toBe('');
    expect(refused('secrets', 'create', 's', '--data-file=-')).toContain('NOT_FOUND: services enabled');
    expect(refused('services', 'enable', 'run.googleapis.com')).toBe('');
    expect(refused('secrets', 'add-iam-policy-binding', 's')).toContain('NOT_FOUND: secrets s');
    expect(refused('run', 'deploy', 'api', '--service-account=a@p')).toContain(
      'NOT_FOUND: iam service-accounts a',
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("what is rendered for a stranger's place names none of ours", () => {
  for (const [path, text] of renderAll({ staging: strangers }))
    expect([
      path,
      /us-west1|agent-registry-production|[@/"]agent-registry[."']?(?:iam|:)/.exec(text),
    ]).toEqual([path, null]);
});
