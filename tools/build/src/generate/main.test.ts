import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const run = (argument: string) =>
  promisify(execFile)(process.execPath, ['--conditions=@agent-registry/source', main, argument]);

test.each(['--help', '-h'])('%s explains the command and writes nothing', async (argument) => {
  expect((await run(argument)).stdout).toMatch(/^Writes every file[\s\S]*--check/);
});

test('what it does not know is refused in a line, with the usage', async () => {
  const refusal = {
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Unknown option '--chekc'\n\nWrites/),
  };
  await expect(run('--chekc')).rejects.toMatchObject(refusal);
});
