import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--conditions=@agent-registry/source', main, ...args]);

test.each(['--help', '-h'])('%s names drills that are there, and starts none', async (argument) => {
  const { stdout } = await run(argument);
  const names = [...stdout.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name);
  expect(names).toContain('outages');
  const isThere = (name = '') => existsSync(new URL(`./${name}.test.ts`, import.meta.url));
  expect(names.filter((name) => !isThere(name))).toEqual([]);
});

test('a drill that there is not is refused in a line, with the usage', async () => {
  const refusal = {
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no drill --bogus\n\nRehearses/),
  };
  await expect(run('outages', '--bogus')).rejects.toMatchObject(refusal);
});
