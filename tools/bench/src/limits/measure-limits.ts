import { spawn } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import pg from 'pg';
import { callFor, type Taken } from '../load.ts';
import { readCpuMs, tellsUsage } from '../processes.ts';
import type { StackUnderTest } from '../stack-under-test.ts';
import { figureOf, type LimitFigure, type Limits } from './limit.ts';
import { measureExpress } from './measure-express.ts';

const MESSAGE_BYTES = 150;
const WARM_UP_SECONDS = 0.2;
const SANDBOX = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '/bin/true'];

/** Measures each of the machine's own limits for so long; null where something is missing for it. */
export async function measureLimits(stack: StackUnderTest, seconds: number): Promise<Limits> {
  return {
    verify: await measureVerify(seconds),
    express: tellsUsage() ? await measureExpress(seconds) : null,
    ...(await measurePostgres(stack, seconds)),
    sandbox: await measureSandbox(seconds),
  };
}

async function measureVerify(seconds: number): Promise<LimitFigure> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const message = Buffer.alloc(MESSAGE_BYTES, 'a');
  const signature = sign(null, message, privateKey);
  const before = process.cpuUsage();
  const taken = await callFor(seconds, 1, async () => void verify(null, message, publicKey, signature));
  const { user, system } = process.cpuUsage(before);
  return figureOf(taken, (user + system) / 1_000);
}

/** A named statement by primary key, and the smallest transaction that writes, each on one connection to the stack's Postgres. */
async function measurePostgres(
  stack: StackUnderTest,
  seconds: number,
): Promise<Pick<Limits, 'select' | 'commit'>> {
  const client = new pg.Client({ connectionString: stack.serverUrl });
  await client.connect();
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS bench_limits (id integer PRIMARY KEY, at timestamptz NOT NULL)',
    );
    await client.query('INSERT INTO bench_limits VALUES (1, now()) ON CONFLICT DO NOTHING');
    const once = (name: string, text: string) => async () =>
      void (await client.query({ name, text, values: [1] }));
    const select = once('select', 'SELECT id, at FROM bench_limits WHERE id = $1');
    const commit = once('commit', 'UPDATE bench_limits SET at = now() WHERE id = $1');
    return {
      select: await measureServer(stack, seconds, select),
      commit: await measureServer(stack, seconds, commit),
    };
  } finally {
    await client.end();
  }
}

async function measureServer(
  stack: StackUnderTest,
  seconds: number,
  once: () => Promise<void>,
): Promise<LimitFigure> {
  await callFor(WARM_UP_SECONDS, 1, once);
  const before = readCpuMs(stack.pid).postgres;
  const taken = await callFor(seconds, 1, once);
  return figureOf(taken, tellsUsage() ? readCpuMs(stack.pid).postgres - before : null);
}

/** A bubblewrap with namespaces of its own, from its start to its end; null where it cannot be run. */
async function measureSandbox(seconds: number): Promise<LimitFigure | null> {
  const once = async () => {
    if ((await runToEnd('bwrap', SANDBOX)) !== 0) throw new Error('bwrap failed');
  };
  try {
    const taken: Taken = await callFor(seconds, 1, once);
    return figureOf(taken, null);
  } catch {
    return null;
  }
}

async function runToEnd(command: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env.PATH } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
