import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--conditions=@agent-registry/source', main, ...args]);

test.each(['--help', '-h'])('%s names the apps and builds nothing', async (argument) => {
  const { stdout } = await run('api', argument);
  expect(stdout).toMatch(/^Bundles services[\s\S]*api, dispatcher, test-runner/);
});

test('an app that there is not is refused in a line, with the usage, before anything is built', async () => {
  const refusal = { code: 2, stdout: '', stderr: expect.stringMatching(/^There is no app apo\n\nBundles/) };
  await expect(run('api', 'apo')).rejects.toMatchObject(refusal);
});
