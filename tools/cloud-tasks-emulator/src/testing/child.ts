// The emulator as a child process, the way a user runs it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterTest } from './harness.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export const spawnEmulator = (args: readonly string[], env: Record<string, string> = {}): Child => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk));
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  afterTest(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, stdout: () => text.stdout, stderr: () => text.stderr, ended };
};

/** The gRPC port and the HTTP URL, once the child has said that it runs. Rejects when it ends before. */
export const whenRunning = async (child: Child): Promise<{ port: number; httpUrl: string }> => {
  for (;;) {
    const found = /gRPC on \S+:(\d+), keys and state on (\S+)\n/.exec(child.stdout());
    if (found) return { port: Number(found[1]), httpUrl: found[2] ?? '' };
    const over = await Promise.race([
      child.ended,
      child.process.stdout && once(child.process.stdout, 'data').then(() => null),
    ]);
    if (over) throw new Error(`The emulator ended early: ${child.stderr()}`);
  }
};
