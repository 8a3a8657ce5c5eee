import { expect, test } from '@jest/globals';
import { catalogue } from './catalogue.ts';
import { runCommandLine } from './run-command-line.ts';
import { recordIo } from './testing/recorded-io.ts';

const commands = catalogue.flatMap((entry) =>
  'commands' in entry
    ? entry.commands.map((command) => ({ path: [entry.name], command }))
    : [{ path: [], command: entry }],
);

test.each(commands.map(({ path, command }) => ({ words: [...path, command.usage.split(' ')[0]!], command })))(
  'the help of $words shows an example that is an invocation of it',
  async ({ words, command }) => {
    const io = recordIo();
    expect(await runCommandLine([...words, '--help'], io)).toBe(0);
    expect(io.said.stdout).toContain(`Example:\n  agent-registry ${command.example}\n`);
    expect(command.example.split(' ').slice(0, words.length)).toEqual(words);
    for (const [option] of command.example.matchAll(/--[a-z-]+/g)) expect(io.said.stdout).toContain(option);
  },
);

test('the help lists every exit code and every variable of the environment', async () => {
  const io = recordIo();
  expect(await runCommandLine(['--help'], io)).toBe(0);
  for (const said of ['  0 ', '  1 ', '  2 ', '  3 ', '  4 ', 'AGENT_REGISTRY_OPERATOR_KEY', 'NO_COLOR'])
    expect(io.said.stdout).toContain(said);
});

test.each([
  [['jobs', 'fnd'], /unknown command 'fnd'[\s\S]*fund/],
  [['jobs'], /propose/],
  [['jobs', 'propose', 'x'], /--max-budget/],
  [['jobs', 'list', '--status', 'gone'], /one of proposed, negotiating/],
  [['jobs', 'review', 'x', '--rating', '6'], /from 1 to 5/],
  [['discover', '--min-rating', 'many'], /number from 0 to 5/],
  [['events', '--folow'], /--follow/],
  [['criteria', 'hash', '/no/such/file'], /cannot be read/],
  [['criteria', 'hash', '-'], /Standard input is not JSON/],
  [['whoami', '--profile', '../else'], /letters, digits/],
  [['whoami'], /agent-registry register/],
  [['discover', '--registry', 'ftp://localhost'], /http or https/],
  [['discover', '--registry', 'http://localhost/v1'], /leave out \/v1/],
  [['operator', 'audit'], /AGENT_REGISTRY_OPERATOR_KEY/],
  [['completion', 'toString'], /bash, zsh, fish/],
] as const)('%j is wrong usage: exit 2, told on standard error alone', async (words, said) => {
  const io = recordIo({ stdin: '{' });
  expect(await runCommandLine(words, io)).toBe(2);
  expect(io.said).toEqual({ stdout: '', stderr: expect.stringMatching(said) });
});

test('half an agent in the environment is refused rather than replaced by a profile', async () => {
  const io = recordIo({ env: { AGENT_REGISTRY_AGENT_ID: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' } });
  expect(await runCommandLine(['whoami'], io)).toBe(2);
  expect(io.said.stderr).toContain('belong together');
});

test('a key that is none is refused without being repeated', async () => {
  const env = { AGENT_REGISTRY_AGENT_ID: 'x', AGENT_REGISTRY_PRIVATE_KEY: 'SECRET-BUT-WRONG' };
  const io = recordIo({ env });
  expect(await runCommandLine(['whoami'], io)).toBe(2);
  expect(io.said.stderr).not.toContain('SECRET');
});

test('--json may stand before the command as well as after it', async () => {
  const outputs = [];
  for (const words of [
    ['--json', 'criteria', 'hash', '-'],
    ['criteria', 'hash', '-', '--json'],
  ]) {
    const io = recordIo({ stdin: '{"tests":[]}' });
    expect(await runCommandLine(words, io)).toBe(0);
    outputs.push(JSON.parse(io.said.stdout));
  }
  expect(outputs[0]).toEqual(outputs[1]);
});
