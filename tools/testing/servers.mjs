// The servers that tests talk to: a Postgres of their own and, where there is a redis-server, a Redis of their own.
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endWithThisProcess, findFreePort, startPostgres, waitUntil } from '../postgres/src/index.ts';

const redisReadyMs = 10_000;

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function startRedis() {
  const port = await findFreePort();
  const directory = mkdtempSync(join(tmpdir(), 'agent-registry-redis-'));
  const args = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    directory,
  ];
  const child = spawn('redis-server', args.map(String), { stdio: 'ignore', detached: true });
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const watch = endWithThisProcess(child.pid, {
    signal: 'TERM',
    graceSeconds: 2,
    removeDirectory: directory,
  });
  const stop = async () => {
    child.kill('SIGKILL'); // It holds nothing that a test wants back.
    await exited;
    watch.release();
    rmSync(directory, { recursive: true, force: true });
  };
  if (await waitUntil(() => accepts(port), { timeoutMs: redisReadyMs }))
    return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  throw new Error('redis-server is installed but did not start');
}

/**
 * Starts what is missing and tells the tests by TEST_DATABASE_URL and TEST_REDIS_URL; a variable that is already set is
 * somebody else's server, which is used as it is. Answers the function that stops what was started.
 */
export async function startServers() {
  const started = [];
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    if (!process.env.TEST_DATABASE_URL) {
      const postgres = await startPostgres({ ephemeral: true, port: 0 });
      started.push(postgres);
      process.env.TEST_DATABASE_URL = postgres.url;
    }
    if (!process.env.TEST_REDIS_URL && isOnPath('redis-server')) {
      const redis = await startRedis();
      started.push(redis);
      process.env.TEST_REDIS_URL = redis.url;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
