import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findPythons, hasPyPi, makeEnvironment, type Python } from './testing/python.ts';
import { untilListed } from './testing/until-listed.ts';
import { useE2eStack } from './testing/use-stack.ts';

const run = promisify(execFile);
const room = fileURLToPath(new URL('../../../packages/client-python', import.meta.url));
const timeoutMs = 300_000;
/** What holds the package to its promises, beside what its wheel needs. */
const TOOLS = ['mypy==2.4.1', 'pytest==9.2.0', 'standardwebhooks==1.1.0'];

const pythons = findPythons();
const newest = pythons.at(-1);
const missing =
  newest === undefined ? ': there is no Python from 3.10' : hasPyPi(newest) ? '' : ': PyPI does not answer';
/** The oldest that is supported, if it is there, and the newest. */
const tried = [...new Set([pythons[0], newest])].filter((one) => one !== undefined);
const testPython = missing === '' ? test : test.skip;

const stack = useE2eStack();
let folder: string;
let wheel: string;
const environments = new Map<string, string>();

const binOf = ({ version }: Python): string => environments.get(version) ?? '';
const env = () => ({
  PATH: process.env.PATH,
  HOME: folder,
  PYTHONDONTWRITEBYTECODE: '1',
  REGISTRY_URL: stack.apiUrl,
});

beforeAll(async () => {
  if (newest === undefined || missing !== '') return;
  folder = mkdtempSync(join(tmpdir(), 'python-client-'));
  await run(newest.path, ['-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', folder, room]);
  wheel = join(folder, readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '');
  const made = tried.map(async (python) => {
    const directory = join(folder, python.version);
    environments.set(python.version, await makeEnvironment(python, directory, [wheel, ...TOOLS]));
  });
  const readme = readFileSync(join(room, 'README.md'), 'utf8');
  const snippets = [...readme.matchAll(/^```python\n(.*?)^```$/gms)].map(([, code = '']) => code);
  for (const [index, name] of ['seller.py', 'client.py', 'receiver.py'].entries())
    writeFileSync(join(folder, name), snippets[index] ?? '');
  await Promise.all(made);
}, timeoutMs);

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

testPython(`the bots of the Python README take forty lines at the most${missing}`, () => {
  for (const bot of ['seller.py', 'client.py'])
    expect(readFileSync(join(folder, bot), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(40);
});

testPython.each(tried)(
  `from the wheel alone, a seller bot and a client bot do a job with criteria on Python $version${missing}`,
  async (python) => {
    const program = join(binOf(python), 'python');
    const seller = spawn(program, ['seller.py'], { cwd: folder, env: env() });
    const said: string[] = [];
    for (const stream of [seller.stdout, seller.stderr])
      stream.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n')));
    try {
      await untilListed(stack.apiUrl, 'summarise');
      const { stdout } = await run(program, ['client.py'], { cwd: folder, env: env() });
      expect(stdout).toBe("client completed {'summary': 'Agents trade'}\n");
      expect(said).toEqual(['seller proposed', 'seller funded', 'seller in_progress']);
    } finally {
      seller.kill();
    }
  },
  timeoutMs,
);

testPython.each(tried)(
  `every test of the Python package passes against a whole registry on Python $version${missing}`,
  async (python) => {
    const tests = await run(join(binOf(python), 'python'), ['-m', 'pytest', '--quiet', 'tests'], {
      cwd: room,
      env: env(),
    }).catch((error: { stdout: string }) => error);
    expect(tests.stdout).toMatch(/^\d+ passed in [\d.]+s/m);
  },
  timeoutMs,
);

testPython.each(tried)(
  `mypy --strict has nothing to say of the Python package, its tests and the README on Python $version${missing}`,
  async (python) => {
    const files = [
      'src',
      'tests',
      ...['seller', 'client', 'receiver'].map((name) => join(folder, `${name}.py`)),
    ];
    const cache = ['--cache-dir', join(folder, 'mypy'), '--no-error-summary'];
    const checked = await run(join(binOf(python), 'mypy'), ['--strict', ...cache, ...files], {
      cwd: room,
      env: env(),
    }).catch((error: { stdout: string }) => error);
    expect(checked.stdout).toBe('');
  },
  timeoutMs,
);
