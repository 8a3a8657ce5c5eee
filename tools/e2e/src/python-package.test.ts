import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonSamples } from '@agent-registry/build';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readGuides, usesPythonPackage, withoutIds } from './docs/guides.ts';
import { runBlocks } from './docs/run-blocks.ts';
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
  writeFileSync(join(folder, 'samples.py'), samplesModule());
  await Promise.all(made);
}, timeoutMs);

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

testPython(`the bots of the Python README take forty lines at the most${missing}`, () => {
  for (const bot of ['seller.py', 'client.py'])
    expect(readFileSync(join(folder, bot), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(40);
});

const samples = pythonSamples();

/** A module with a function for each sample of /docs. */
function samplesModule(): string {
  const functions = samples.map(
    ({ code }, n) =>
      `\n\ndef sample_${n}(client: AgentClient, operator: OperatorClient) -> None:\n${code.replaceAll(/^/gm, '    ')}\n`,
  );
  return `from agent_registry import AgentClient, OperatorClient\n${functions.join('')}`;
}

/** Calls every sample and prints the method and path of each request that it sends. */
const RECORDER = `
import inspect, json
import httpx
import samples
from agent_registry import AgentClient, OperatorClient, RegistryProblem

sent = []
def answer(request):
    sent.append([request.method, request.url.path])
    return httpx.Response(404, json={"code": "not_found", "status": 404, "detail": "", "title": ""})

http = httpx.Client(transport=httpx.MockTransport(answer))
ID, URL = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "http://127.0.0.1:1"
client = AgentClient(URL, agent_id=ID, private_key="11" * 32, http=http)
operator = OperatorClient(URL, operator_key="k" * 32, http=http)
for n in range(len(inspect.getmembers(samples, inspect.isfunction))):
    try:
        getattr(samples, f"sample_{n}")(client, operator)
    except RegistryProblem:
        pass
print(json.dumps(sent))
`;

(missing === '' ? test : test.skip)(
  `each Python sample of /docs sends the request that it stands beside, by the package${missing}`,
  async () => {
    const program = join(binOf(newest!), 'python');
    const { stdout } = await run(program, ['-c', RECORDER], { cwd: folder, env: env() });
    const paths = (JSON.parse(stdout) as [string, string][]).map(([method, path]) => `${method} ${path}`);
    const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
    expect(paths).toEqual(
      samples.map(({ method, path }) => `${method} /v1${path.replaceAll(/\{\w+\}/g, ID)}`),
    );
  },
  timeoutMs,
);

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
  `mypy --strict has nothing to say of the Python package, its tests and the README and /docs on Python $version${missing}`,
  async (python) => {
    const files = [
      'src',
      'tests',
      ...['seller', 'client', 'receiver', 'samples'].map((name) => join(folder, `${name}.py`)),
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

// After the bots of the README, which would find this seller of the same skill, and wait for it.
const inPython = readGuides().flatMap(({ name, blocks }) => {
  const own = blocks.filter(usesPythonPackage);
  return own.length === 0 ? [] : [{ name, own }];
});

testPython.each(inPython)(
  `the Python blocks of $name print what it says, by the package${missing}`,
  async ({ own }) => {
    const path = `${binOf(newest!)}:${process.env.PATH}`;
    const printed = await runBlocks('py', own, { REGISTRY_URL: stack.apiUrl, PATH: path });
    expect(printed.map(withoutIds)).toEqual(own.map(({ output }) => withoutIds(output ?? '')));
  },
  timeoutMs,
);
