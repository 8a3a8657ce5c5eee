import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ENVIRONMENTS } from '../environments.ts';
import { readText, repositoryRoot } from '../testing/repository.ts';
import { projectQuestion, questionsOf } from './questions.ts';

const { staging } = ENVIRONMENTS;
const questions = [projectQuestion(staging), ...questionsOf(staging)];
let bin: string;

/** A gcloud that answers by command: text is its answer, `{error}` its refusal; nothing is an empty list. */
const answer = (answers: Readonly<Record<string, unknown>>): void =>
  writeFileSync(join(bin, 'answers.json'), JSON.stringify(answers));
const active = { [`projects describe ${staging.project}`]: { lifecycleState: 'ACTIVE' } };

const check = (...args: string[]) => {
  rmSync(join(bin, 'asked'), { force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryRoot, 'infra/src/check-deploy/main.ts'), ...args],
    { env: { PATH: `${bin}:/usr/bin:/bin` }, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
};

beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'check-deploy-'));
  symlinkSync(process.execPath, join(bin, 'node'));
  const script = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const command = process.argv.slice(2).filter((arg) => !/^--(project|format)=/.test(arg)).join(' ');
appendFileSync(${JSON.stringify(join(bin, 'asked'))}, command + '\\n');
const answer = JSON.parse(readFileSync(${JSON.stringify(join(bin, 'answers.json'))}, 'utf8'))[command] ?? [];
if (answer.error) { console.error('ERROR: ' + answer.error); process.exit(1); }
console.log(JSON.stringify(answer));
`;
  writeFileSync(join(bin, 'gcloud'), script);
  chmodSync(join(bin, 'gcloud'), 0o755);
});
beforeEach(() => answer(active));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

test('every question only reads, and names a step that the checklist has', () => {
  const headings = [...readText('infra/README.md').matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  for (const { command, step } of questions) {
    expect([
      command.join(' '),
      command.some((word) => /^(list|list-configs|describe|get-iam-policy)$/.test(word)),
    ]).toEqual([command.join(' '), true]);
    expect(headings).toContain(step);
  }
});

test('an empty project lacks something of every step, exits 1, and is asked every question once', () => {
  const { status, stdout } = check('staging');
  expect(status).toBe(1);
  for (const text of [
    'billing is off',
    'secret redis-url is missing',
    'queue verification is missing',
    'job sweep is missing',
  ])
    expect(stdout).toContain(`✗ ${text}`);
  expect(stdout).toContain('7. Queues, accounts and rights');
  const asked = readFileSync(join(bin, 'asked'), 'utf8').trim().split('\n');
  expect(asked.sort()).toEqual(questions.map(({ command }) => command.join(' ')).sort());
});

test('what differs is told with what it is and what it should be', () => {
  const name = `projects/p/instances/${staging.sql.instance}`;
  answer({
    ...active,
    'sql instances list': [
      { name, state: 'SUSPENDED', region: staging.region, settings: { tier: 'db-f1-micro' } },
    ],
  });
  expect(check('staging').stdout).toContain(
    `✗ instance ${staging.sql.instance}: state is SUSPENDED and should be RUNNABLE`,
  );
});

test('a right that is granted is not missed, and one that is not granted is', () => {
  const email = (name: string) => `serviceAccount:${name}@${staging.project}.iam.gserviceaccount.com`;
  const bindings = [{ role: 'roles/secretmanager.secretAccessor', members: [email('registry-api')] }];
  answer({ ...active, 'secrets get-iam-policy platform-signing-key': { bindings } });
  const { stdout } = check('staging');
  const lacks = (name: string) =>
    `secret platform-signing-key: ${email(name)} lacks roles/secretmanager.secretAccessor`;
  expect(stdout).toContain(lacks('registry-dispatcher'));
  expect(stdout).not.toContain(lacks('registry-api'));
});

test('a gcloud that cannot answer says nothing of the environment and exits 3', () => {
  answer({
    [`projects describe ${staging.project}`]: {
      error: 'You do not currently have an active account selected.',
    },
  });
  const { status, stdout } = check('staging');
  expect(status).toBe(3);
  expect(stdout).toContain('? gcloud projects describe agent-registry: ERROR: You do not currently have');
  expect(stdout).toContain('0 missing or different, 1 not answered');
});

test('a project that is not there is missing, and nothing else is asked of it', () => {
  answer({ [`projects describe ${staging.project}`]: { error: 'NOT_FOUND: project' } });
  expect(check('staging').status).toBe(1);
  expect(readFileSync(join(bin, 'asked'), 'utf8').trim().split('\n')).toHaveLength(1);
});

test.each([[[]], [['nowhere']], [['staging', 'production']], [['--fix', 'staging']]])(
  'the arguments %j are refused with the help and exit 2, and nothing is asked',
  (args) => {
    const { status, stderr } = check(...args);
    expect(status).toBe(2);
    expect(stderr).toContain('npm run check:deploy -- staging|production');
  },
);

test('--help tells the exit codes and exits 0', () => {
  expect(check('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Exits 0 when all is there'),
  });
});
