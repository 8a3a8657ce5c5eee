import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildNpmPackage } from '@agent-registry/build';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { untilListed } from './testing/until-listed.ts';
import { useE2eStack } from './testing/use-stack.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const timeoutMs = 180_000;
/** The Node of the machine, which may be older than the one that this repository runs on. */
const nodes = [...new Set([process.execPath, '/usr/bin/node', '/usr/local/bin/node'])].flatMap((path) => {
  try {
    return readFileSync(path).length > 0 ? [path] : [];
  } catch {
    return [];
  }
});
const stack = useE2eStack();
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'npm-client-'));
  const built = await buildNpmPackage({ root, name: 'client', outDir: join(folder, 'built') });
  const { stdout } = await run('npm', ['pack', '--silent', built], { cwd: folder });
  await run('npm', ['init', '--yes'], { cwd: folder });
  await run('npm', ['install', '--no-audit', '--no-fund', `./${stdout.trim()}`], { cwd: folder });
  const readme = readFileSync(join(folder, 'node_modules/@agent-registry/client/README.md'), 'utf8');
  const [seller = '', client = ''] = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  writeFileSync(join(folder, 'seller.mjs'), seller);
  writeFileSync(join(folder, 'client.mjs'), client);
}, timeoutMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the bots of the README take forty lines at the most', () => {
  for (const bot of ['seller.mjs', 'client.mjs'])
    expect(readFileSync(join(folder, bot), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(40);
});

test.each(nodes)(
  'from the tarball alone, in an empty folder, a seller bot and a client bot do a job with criteria on %s',
  async (node) => {
    const env = { PATH: process.env.PATH, REGISTRY_URL: stack.apiUrl };
    const seller = spawn(node, ['seller.mjs'], { cwd: folder, env });
    const said: string[] = [];
    for (const stream of [seller.stdout, seller.stderr])
      stream.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n')));
    try {
      await untilListed(stack.apiUrl, 'summarise');
      const { stdout } = await run(node, ['client.mjs'], { cwd: folder, env });
      expect(stdout).toBe('client completed {"summary":"Agents trade"}\n');
      expect(said).toEqual(['seller proposed', 'seller funded', 'seller in_progress']);
    } finally {
      seller.kill();
    }
  },
  timeoutMs,
);
