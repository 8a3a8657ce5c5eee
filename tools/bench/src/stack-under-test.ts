import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RATE_CATEGORIES } from '@agent-registry/schemas';
import { endWithThisProcess, waitUntil } from '@agent-registry/servers';
import type { Ports } from '@agent-registry/stack';
import pg from 'pg';
import { listStackProcesses } from './processes.ts';
import { openStatementCounter, type StatementCounter } from './statements.ts';

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 40_000;
const SHOWN_LINES = 15;
/** Of its own, so that nothing of the person's environment, or of a test's, decides what is measured. */
const DROPPED =
  /^(NODE_OPTIONS|NODE_V8_COVERAGE|FORCE_COLOR|REDIS_URL|DATABASE_URL|STACK_.*|TEST_.*|JEST_.*)$/;
/** Rate limits that no load reaches: what is measured is what a request costs that is let through. */
const UNLIMITED = Object.fromEntries(
  RATE_CATEGORIES.flatMap((category) => [
    [`RATE_LIMIT_${category.toUpperCase()}_CAPACITY`, '1000000'],
    [`RATE_LIMIT_${category.toUpperCase()}_REFILL_PER_MIN`, '1000000'],
  ]),
);

/** A registry that `npm start` of some checkout runs, as a person would: only its command line and its data directory are known. */
export interface StackUnderTest {
  readonly apiUrl: string;
  readonly runnerUrl: string;
  readonly tokenIssuerUrl: string;
  /** The superuser's: of the registry's database, and of the server's own, in which nothing is the registry's. */
  readonly databaseUrl: string;
  readonly serverUrl: string;
  /** Of the process that supervises the others. */
  readonly pid: number;
  readonly hasRedis: boolean;
  /** When it served, by performance.now(). */
  readonly readyAtMs: number;
  /**
   * Has Postgres look at its tables, as autovacuum does within a minute: until then it plans for tables that are all but empty, which are
   * those of a market just made and of no registry in use.
   */
  analyze(): Promise<void>;
  /** Null where Postgres lacks pg_stat_statements. */
  readonly statements: StatementCounter | null;
}

export interface StartedStack extends StackUnderTest {
  /** Ends everything and removes the data. */
  stop(): Promise<void>;
}

/** The command that `npm start` runs, without npm between: a signal reaches the stack itself. */
function startCommand(checkout: string): string {
  const file = join(checkout, 'package.json');
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> };
  if (scripts?.start === undefined) throw new Error(`${file} has no script "start"`);
  return scripts.start;
}

function environment(checkout: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !DROPPED.test(name));
  const path = `${join(checkout, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`;
  return { ...Object.fromEntries(kept), ...UNLIMITED, PATH: path };
}

/** Starts the stack of a checkout on free ports with a data directory of its own. Throws, with nothing left, when it does not serve. */
export async function startStackOf(checkout: string, flags: readonly string[] = []): Promise<StartedStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-registry-bench-'));
  chmodSync(dataDir, 0o711); // Postgres, which root lends another account, must be able to pass.
  const log = join(dataDir, 'stack.log');
  const out = openSync(log, 'a');
  const args = [
    '-c',
    `exec ${startCommand(checkout)} "$@"`,
    'sh',
    '--data',
    dataDir,
    '--free-ports',
    '--json',
    ...flags,
  ];
  const child = spawn('/bin/sh', args, {
    cwd: checkout,
    detached: true, // Ctrl-C reaches the bench alone, which stops the stacks in order.
    stdio: ['ignore', out, out],
    env: environment(checkout),
  });
  closeSync(out);
  const exited = once(child, 'exit');
  const watch = endWithThisProcess(child.pid!, {
    signal: 'TERM',
    graceSeconds: STOP_TIMEOUT_MS / 1_000,
    removeDirectory: dataDir,
  });
  let statements: StatementCounter | null = null;
  const stop = async () => {
    await statements?.close();
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await exited;
    }
    clearTimeout(insist);
    watch.release();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const hasExited = () => child.exitCode !== null || child.signalCode !== null;
    const ports = await whenServing(dataDir, hasExited);
    if (ports === null) throw new Error(`the stack of ${checkout} did not start:\n${tail(log)}`);
    const described = describe(dataDir, ports, child.pid!);
    statements = await openStatementCounter(described.serverUrl, described.restartPostgres);
    await waitUntil(() => answersOk(`${described.apiUrl}/ready`), { timeoutMs: START_TIMEOUT_MS });
    return { ...described, statements, readyAtMs: performance.now(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The ports, once everything serves: the stack writes them then. */
async function whenServing(dataDir: string, hasExited: () => boolean): Promise<Ports | null> {
  let ports: Ports | null = null;
  const isOver = () => {
    ports = readPorts(dataDir);
    return ports !== null || hasExited();
  };
  await waitUntil(isOver, { timeoutMs: START_TIMEOUT_MS });
  return ports;
}

function readPorts(dataDir: string): Ports | null {
  try {
    return (JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8')) as { ports: Ports }).ports;
  } catch {
    return null; // Not there yet, or half written.
  }
}

function describe(dataDir: string, ports: Ports, pid: number) {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const password = readPassword(dataDir);
  const server = `postgres://postgres:${password}@127.0.0.1:${ports.postgres}`;
  const isPostmaster = ({ part, first }: { part: string; first: boolean }) => part === 'postgres' && first;
  return {
    apiUrl: at(ports.api),
    runnerUrl: at(ports['test-runner']),
    tokenIssuerUrl: at(ports['token-issuer']),
    databaseUrl: `${server}/agent_registry`,
    serverUrl: `${server}/postgres`,
    pid,
    analyze: async () => {
      const client = new pg.Client({ connectionString: `${server}/agent_registry` });
      await client.connect();
      try {
        await client.query('ANALYZE');
      } finally {
        await client.end();
      }
    },
    hasRedis: listStackProcesses(pid).some(({ part }) => part === 'redis'),
    /** Ends Postgres in order; the stack starts it again. */
    restartPostgres: () => {
      for (const one of listStackProcesses(pid).filter(isPostmaster)) process.kill(one.pid, 'SIGINT');
    },
  };
}

function readPassword(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'postgres', 'superuser-password'), 'utf8').trim();
  } catch (cause) {
    const reason = `Postgres keeps its data elsewhere: its account may not enter ${tmpdir()} (TMPDIR)`;
    throw new Error(reason, { cause });
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
