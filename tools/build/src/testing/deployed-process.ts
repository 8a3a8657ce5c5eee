import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const startTimeoutMs = 20_000;
const keptLines = 30;

/** A program of an image, running with the environment that it would be given there and nothing else. */
export interface DeployedProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Its last lines. */
  readonly lines: readonly string[];
  /** How it ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts a program and remembers what it says. */
export function launch(
  program: string,
  env: Record<string, string>,
  cwd = '/',
): Omit<DeployedProcess, 'url'> {
  const child = spawn(process.execPath, [program], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (lines.push(line) > keptLines) lines.shift();
  };
  createInterface({ input: child.stdout! }).on('line', keep);
  createInterface({ input: child.stderr! }).on('line', keep);
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { child, lines, exited };
}

/** Starts a service and waits until it listens. Rejects with its last words when it ends instead. */
export async function launchService(
  program: string,
  env: Record<string, string>,
  cwd = '/',
): Promise<DeployedProcess> {
  const started = launch(program, env, cwd);
  const url = `http://127.0.0.1:${env.PORT}`;
  const deadline = AbortSignal.timeout(startTimeoutMs);
  let isOver = false;
  void started.exited.then(() => {
    isOver = true;
  });
  for (;;) {
    if (isOver || deadline.aborted) throw new Error(`it did not start:\n${started.lines.join('\n')}`);
    const answered = await fetch(`${url}/health`, { signal: deadline }).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return { ...started, url };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
