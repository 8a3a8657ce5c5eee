import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const longestMs = 50_000;
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stack-main-'));
  chmodSync(dataDir, 0o711); // Postgres, which runs as another OS user under root, must be able to traverse it.
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Runs `npm start` until a line matches, presses Ctrl-C, and waits until it has ended. */
async function interruptAt(moment: RegExp, ...more: (string | Record<string, string>)[]) {
  const env = Object.assign({}, ...more.filter((one) => typeof one !== 'string')) as Record<string, string>;
  const given = more.filter((one) => typeof one === 'string');
  const ports = given.some((one) => one.endsWith('-port')) ? [] : ['--free-ports'];
  const args = [...ports, '--no-redis', '--data', dataDir, ...given];
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (moment.test(line)) child.kill('SIGINT');
  });
  const [code] = await ended;
  return { code, lines, errors };
}

describe('Ctrl-C while the stack starts', () => {
  test.each([
    ['Postgres', /"postgres".*LOG: +starting/],
    ['the database', /emulator ready/],
  ])('(%s) ends it as if it had run, and tells of no failure', async (_, moment) => {
    const { code, lines, errors } = await interruptAt(moment, '--json');
    expect(lines.some((line) => moment.test(line))).toBe(true);
    expect([code, errors]).toEqual([0, '']);
    expect(
      lines.filter((line) => line.startsWith('{"service":"stack"') && !line.includes('ready at')),
    ).toEqual([]);
    expect(readdirSync(join(dataDir, 'run'))).toEqual([]);
  });
});

test('the first screen is ten quiet lines, with where to read, how to go by hand, and the audit', async () => {
  const { code, lines, errors } = await interruptAt(/Ctrl-C ends everything/);
  expect([code, errors]).toEqual([0, '']);
  const screen = lines.slice(0, lines.findIndex((line) => line.includes('Ctrl-C ends everything')) + 1);
  expect(screen.length).toBeLessThanOrEqual(10);
  const text = screen.join('\n');
  for (const words of ['/docs', 'npx agent-registry', `npm run audit -- --data ${dataDir}`])
    expect(text).toContain(words);
  expect(text).not.toMatch(/WARNING|LOG:/);
});

test('a proxy that the environment names is not asked for the parts of this machine', async () => {
  const { code, errors } = await interruptAt(/Ctrl-C ends everything/, {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: 'http://127.0.0.1:9',
  });
  expect([code, errors]).toEqual([0, '']);
});

test.each(['postgres', 'api'])(
  'the port of %s is looked at first, and named with what to set',
  async (name) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, lines, errors } = await interruptAt(/ready at/, `--${name}-port`, String(port));
    server.close();
    expect([code, lines]).toEqual([1, []]);
    expect(errors).toContain(`Port ${port}, wanted for ${name}, is taken by another program`);
    expect(errors).toContain(`--${name}-port`);
  },
);

test('where nothing can be written, a line says so, and what to do', async () => {
  const { code, errors } = await interruptAt(/ready at/, '--data', `${main}/data`);
  expect(code).toBe(1);
  expect(errors.trim().split('\n')).toEqual([
    `${main}/data, where the data is to be kept, cannot be written (ENOTDIR): name a directory that can be, by --data <dir> or STACK_DATA.`,
  ]);
});
