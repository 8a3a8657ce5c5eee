import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Binaries, findNativeDirectory, prepareBinaries } from './binaries.ts';
import { endWithThisProcess } from './death-watch.ts';
import { lockDirectory } from './directory-lock.ts';
import { findFreePort, isPortFree } from './free-port.ts';
import { clusterDirectory, type Home, makePrivateDirectory, prepareHome } from './home.ts';
import { ensureCluster } from './init-cluster.ts';
import { mayEnter } from './os-user.ts';
import { stopOrphan } from './stop-orphan.ts';

export interface PostgresOptions {
  /** Keeps everything: the cluster and its superuser's password. May be absent only for an ephemeral one. */
  readonly dataDir?: string;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Where to put a Unix socket too; none by default. */
  readonly socketDir?: string;
  /** For tests: nothing is flushed to disk, so it is fast and does not survive a power cut. */
  readonly ephemeral?: boolean;
  /** Told what Postgres logs and what the start does, line by line. */
  readonly log?: (line: string) => void;
}

export interface RunningPostgres {
  /** Connects as the superuser to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles when the server has ended, for whatever reason. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it: sessions are cut, a checkpoint is written (`immediate`: none, the next start recovers). */
  stop(how?: { immediate?: boolean }): Promise<void>;
}

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;
const immediateStopTimeoutMs = 5_000;
const portAttempts = 5;
const keptLines = 20;

const durable = { max_connections: '100', shared_buffers: '64MB' };
const fleeting = {
  ...durable,
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
};

function serverArguments(cluster: string, port: number, options: PostgresOptions): string[] {
  const settings = {
    ...(options.ephemeral ? fleeting : durable),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: options.socketDir ?? '',
    logging_collector: 'off',
    log_checkpoints: 'off',
    log_destination: 'stderr',
    log_line_prefix: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return [
    '-D',
    cluster,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

function whenExited(child: ChildProcess): RunningPostgres['exited'] {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

interface Server {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: RunningPostgres['exited'];
}

class ServerFailed extends Error {
  readonly portTaken: boolean;
  constructor(lines: readonly string[]) {
    super(`Postgres did not start:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.portTaken = lines.some((line) => line.includes('Address already in use'));
  }
}

async function launch(
  home: Home,
  binaries: Binaries,
  port: number,
  options: PostgresOptions,
): Promise<Server> {
  const args = serverArguments(clusterDirectory(home.directory), port, options);
  const child = spawn(binaries.postgres, args, {
    ...home.osUser,
    cwd: '/',
    detached: true, // In a session of its own, so that Ctrl-C reaches the supervisor alone and things end in order.
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
  });
  const exited = whenExited(child);
  const lines: string[] = [];
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stderr! }).on('line', (line) => {
      if (lines.push(line) > keptLines) lines.shift();
      options.log?.(line);
      if (line.includes('database system is ready to accept connections')) resolve(true);
    });
  });
  const timeout = AbortSignal.timeout(readyTimeoutMs);
  const timedOut = once(timeout, 'abort').then(() => false);
  const outcome = await Promise.race([ready, exited.then(() => false), timedOut]);
  if (outcome && child.pid !== undefined) return { child, pid: child.pid, exited };
  child.kill('SIGQUIT');
  throw new ServerFailed(lines);
}

async function launchOnPort(
  home: Home,
  binaries: Binaries,
  options: PostgresOptions,
): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === 0 ? await findFreePort() : options.port;
    try {
      return { server: await launch(home, binaries, port, options), port };
    } catch (error) {
      const retry =
        options.port === 0 && error instanceof ServerFailed && error.portTaken && attempt < portAttempts;
      if (!retry) throw error;
    }
  }
}

async function stopServer(server: Server, immediate: boolean): Promise<void> {
  const steps = immediate
    ? ([['SIGQUIT', immediateStopTimeoutMs]] as const)
    : ([
        ['SIGINT', stopTimeoutMs],
        ['SIGQUIT', immediateStopTimeoutMs],
      ] as const);
  for (const [signal, timeoutMs] of steps) {
    server.child.kill(signal);
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, timeoutMs, 'late').unref());
    if ((await Promise.race([server.exited, late])) !== 'late') return;
  }
  server.child.kill('SIGKILL');
  await server.exited;
}

/**
 * Starts a real PostgreSQL 16 on 127.0.0.1 from the programs that npm installed, as root or as anybody, and makes its data
 * directory when there is none. What an earlier kill -9 left running on it is stopped first, and the server ends with
 * this process, however that ends. Throws when the port is taken, when another living process uses the data
 * directory, or when there is no Postgres for this platform.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, ephemeral = false, log = () => undefined } = options;
  if (dataDir === undefined && !ephemeral)
    throw new TypeError('only an ephemeral Postgres may lack a dataDir');
  const native = findNativeDirectory();
  const home = prepareHome(dataDir, log);
  const lock = lockDirectory(home.directory, 'the Postgres');
  const cleanUp = () => {
    lock.release();
    if (home.temporary) rmSync(home.directory, { recursive: true, force: true });
  };
  try {
    const binaries = prepareBinaries(
      native,
      home.directory,
      (directory) => mayEnter(home.osUser, directory),
      log,
    );
    await stopOrphan(clusterDirectory(home.directory), log);
    if (options.port !== 0 && !(await isPortFree(options.port))) {
      throw new Error(`port ${options.port}, wanted for Postgres, is taken by another program`);
    }
    const password = await ensureCluster(home, binaries, !ephemeral);
    if (options.socketDir !== undefined) makePrivateDirectory(options.socketDir, home.osUser);
    const { server, port } = await launchOnPort(home, binaries, options);
    const watch = endWithThisProcess(server.pid, {
      signal: 'INT',
      graceSeconds: stopTimeoutMs / 1000,
      ...(home.temporary ? { removeDirectory: home.directory } : {}),
    });
    const exited = server.exited.finally(() => {
      watch.release();
      cleanUp();
    });
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      port,
      pid: server.pid,
      exited,
      stop: async (how) => {
        await stopServer(server, how?.immediate ?? home.temporary);
        await exited;
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}
