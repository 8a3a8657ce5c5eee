import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithThisProcess, findFreePort, waitUntil } from '@agent-registry/postgres';

export const TIMEOUT_MS = 15_000;

/** A Redis that a test may take away and bring back, always at the same address. */
export interface OwnRedis {
  readonly url: string;
  start(): Promise<void>;
  /** As a crash: what it knew is gone. */
  kill(): Promise<void>;
}

export async function ownRedis(): Promise<OwnRedis> {
  const port = await findFreePort();
  let stop: (() => Promise<void>) | null = null;
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const directory = mkdtempSync(join(tmpdir(), 'agent-registry-redis-'));
      const flags = { '--port': String(port), '--bind': '127.0.0.1', '--save': '', '--dir': directory };
      const child = spawn('redis-server', Object.entries(flags).flat(), { stdio: 'ignore', detached: true });
      const watch = endWithThisProcess(child.pid!, {
        signal: 'TERM',
        graceSeconds: 2,
        removeDirectory: directory,
      });
      stop = async () => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
        watch.release();
        rmSync(directory, { recursive: true, force: true });
      };
      if (!(await waitUntil(() => accepts(port), { timeoutMs: TIMEOUT_MS }))) throw new Error('no Redis');
    },
    async kill() {
      await stop?.();
      stop = null;
    },
  };
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
