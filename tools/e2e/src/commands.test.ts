// How each command of package.json answers a question for its usage, and an argument that it does not know.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
// Where nothing listens: a command that began would say so.
const env = { ...process.env, DATABASE_URL: 'postgres://127.0.0.1:1/none' };

function run(name: string, ...args: string[]) {
  const [, ...words] = scripts[name]!.split(' ');
  return promisify(execFile)(process.execPath, [...words, ...args], { cwd: root, env });
}

test.each([
  ['audit', [], /^Recomputes every balance[\s\S]*DATABASE_URL/],
  ['inspect', ['job'], /^Recomputes the registry's figures[\s\S]*verdicts --runner/],
  ['generate', [], /^Writes every file[\s\S]*--check/],
  ['build', ['api'], /^Builds into dist[\s\S]*api, dispatcher, test-runner[\s\S]*client, cli/],
  ['drill', ['outages'], /^Rehearses the bad days[\s\S]*leaked-signing-key/],
  ['demo', [], /--logs[\s\S]*NO_COLOR/],
] as const)('npm run %s -- --help explains the command and starts nothing', async (name, args, usage) => {
  for (const help of ['--help', '-h']) expect((await run(name, ...args, help)).stdout).toMatch(usage);
});

test.each([
  ['audit', ['--bogus'], /^Unknown option '--bogus'\n\nRecomputes/],
  ['audit', ['bogus'], /^Unexpected argument 'bogus'\n\nRecomputes/],
  ['inspect', ['job', 'no-id'], /^Recomputes/],
  ['generate', ['--chekc'], /^Unknown option '--chekc'\n\nWrites/],
  ['build', ['api', 'apo'], /^There is no apo\n\nBuilds/],
  ['drill', ['outages', '--bogus'], /^There is no drill --bogus\n\nRehearses/],
  ['demo', ['--bogus'], /Unknown option '--bogus'\n\nTwo agents/],
  ['demo', ['bogus'], /Unexpected argument 'bogus'\n\nTwo agents/],
] as const)('npm run %s -- %j is refused in a line, with the usage', async (name, args, said) => {
  const refusal = { code: 2, stdout: '', stderr: expect.stringMatching(said) };
  await expect(run(name, ...args)).rejects.toMatchObject(refusal);
});

test('npm run audit tells in a line that the database is out of reach', async () => {
  const failure = {
    code: 2,
    stderr: expect.stringMatching(/^The audit failed: .*Is the stack running.*\n$/),
  };
  await expect(run('audit')).rejects.toMatchObject(failure);
});

test('npm run audit -- --data names the stack to look at, as npm start takes it, whatever DATABASE_URL says', async () => {
  const stderr =
    'The audit failed: There is no no-such-place/stack.json: run "npm start" first, or set DATABASE_URL.\n';
  await expect(run('audit', '--data', 'no-such-place')).rejects.toMatchObject({ code: 2, stderr });
});

test('npm run drill names drills that are there', async () => {
  const names = [...(await run('drill', '--help')).stdout.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name);
  expect(names).toContain('outages');
  expect(names.filter((name) => !existsSync(`${root}tools/e2e/src/drills/${name}.test.ts`))).toEqual([]);
});
