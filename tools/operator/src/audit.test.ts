import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('./audit.ts', import.meta.url));
// Where nothing listens: an audit that began would say so.
const env = { ...process.env, DATABASE_URL: 'postgres://127.0.0.1:1/none' };
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--conditions=@agent-registry/source', main, ...args], { env });

test.each(['--help', '-h'])('%s explains the audit and asks no database', async (argument) => {
  expect((await run(argument)).stdout).toMatch(/^Recomputes every balance[\s\S]*DATABASE_URL/);
});

test.each([
  ['--bogus', /^Unknown option '--bogus'\n\nRecomputes/],
  ['bogus', /^Unexpected argument 'bogus'\n\nRecomputes/],
])('%s is refused in a line, with the usage', async (argument, said) => {
  const refusal = { code: 2, stdout: '', stderr: expect.stringMatching(said) };
  await expect(run(argument)).rejects.toMatchObject(refusal);
});

test('a database out of reach is told in a line', async () => {
  const failure = {
    code: 2,
    stderr: expect.stringMatching(/^The audit failed: .*Is the stack running.*\n$/),
  };
  await expect(run()).rejects.toMatchObject(failure);
});
