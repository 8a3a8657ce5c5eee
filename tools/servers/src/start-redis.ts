import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWithThisProcess } from './death-watch.ts';
import { findFreePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

const READY_MS = 15_000;

export interface RunningRedis {
  readonly port: number;
  readonly url: string;
  /** Stops it from answering, without closing anything. */
  pause(): void;
  resume(): void;
  /** By SIGKILL, as in a crash: what it knew is gone. */
  stop(): Promise<void>;
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/**
 * A Redis on loopback that keeps nothing, on a free port unless one is given; `args` are more of redis-server's own.
 * It ends with this process at the latest.
 */
export async function startRedis(
  options: { readonly port?: number; readonly args?: readonly string[] } = {},
): Promise<RunningRedis> {
  const port = options.port ?? (await findFreePort());
  const directory = mkdtempSync(join(tmpdir(), 'agent-registry-redis-'));
  const flags = { '--port': String(port), '--bind': '127.0.0.1', '--save': '', '--dir': directory };
  const args = [...Object.entries(flags).flat(), ...(options.args ?? [])];
  const child = spawn('redis-server', args, { stdio: 'ignore', detached: true });
  const exited = once(child, 'exit');
  const watch = endWithThisProcess(child.pid!, {
    signal: 'TERM',
    graceSeconds: 2,
    removeDirectory: directory,
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
    watch.release();
    rmSync(directory, { recursive: true, force: true });
  };
  const pause = () => void child.kill('SIGSTOP');
  const resume = () => void child.kill('SIGCONT');
  if (await waitUntil(() => accepts(port), { timeoutMs: READY_MS }))
    return { port, url: `redis://127.0.0.1:${port}`, pause, resume, stop };
  await stop();
  throw new Error('redis-server is installed but did not start');
}
