import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endWithThisProcess, sendSignal } from '@agent-registry/servers';
import type { PidFiles } from './pid-files.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One life of a part. */
export interface Launched {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Asks it to end, insists after a while, and resolves when it has. */
  stop(): Promise<void>;
}

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Written to its standard input, which is then closed: for what must not be seen in a list of processes. */
  readonly input?: string;
}

const stopSeconds = 12; // A service has 10 s to end by itself.

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

async function stop(child: ChildProcess, exited: Promise<Exit>): Promise<void> {
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
  await exited;
  clearTimeout(insist);
}

/** Nice value of the session of a part. */
const SESSION_NICE = -10;

/**
 * The kernel shares processors between sessions, and every script under test has one of its own: on a machine that all parts
 * share, the services must not queue behind dozens of scripts. Root alone may ask for it, and only a kernel with autogroups knows it.
 */
async function preferSession(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/autogroup`, String(SESSION_NICE)).catch(() => undefined);
}

/**
 * Starts a process in a session of its own, so that Ctrl-C reaches the supervisor alone, and makes sure that it ends with this
 * one. Its lines, from both streams, go to `onLine`. Throws when the command cannot be run.
 */
export async function launchProcess(
  spec: ProcessSpec,
  pidFiles: PidFiles,
  onLine: (line: string) => void,
): Promise<Launched> {
  const child = spawn(spec.command, spec.args, {
    env: spec.env,
    cwd: spec.cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // It may end before it has read.
  child.stdin.end(spec.input ?? '');
  forwardLines(child.stdout, onLine);
  forwardLines(child.stderr, onLine);
  await once(child, 'spawn'); // Rejects with the 'error' event.
  const pid = child.pid!;
  await preferSession(pid);
  pidFiles.write(spec.name, pid);
  const watch = endWithThisProcess(pid, { signal: 'TERM', graceSeconds: stopSeconds });
  const exited = once(child, 'exit').then(([code, signal]) => {
    watch.release();
    sendSignal(-pid, 'SIGKILL'); // What it started and left behind is in its group.
    pidFiles.remove(spec.name);
    return { code, signal } as Exit;
  });
  return { pid, exited, stop: () => stop(child, exited) };
}
