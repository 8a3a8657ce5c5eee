import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { measureIdle } from './measure.ts';
import type { Subject } from './scenario.ts';
import { type StartedStack, startStackOf } from './stack-under-test.ts';

const LAST_WORDS_CHARACTERS = 2_000;

/** Everything that this run has started, so that all of it can be ended, whatever the run is doing. */
export interface Subjects {
  /** Aborted as soon as all is being ended: what breaks from then on is no result. */
  readonly closing: AbortSignal;
  /** Starts the stack of a checkout, and looks for so long at what it uses by itself. */
  open(name: string, checkout: string, idleSeconds: number): Promise<Subject>;
  /** Ends all stacks and programs, those that are just starting included; nothing can be started after it. */
  close(): Promise<void>;
}

export function createSubjects(): Subjects {
  const starting = new Set<Promise<StartedStack>>();
  const closing = new AbortController();
  const startStack = async (checkout: string, flags?: readonly string[]): Promise<StartedStack> => {
    closing.signal.throwIfAborted();
    const started = startStackOf(checkout, flags);
    starting.add(started);
    const stack = await started;
    const stop = async () => {
      if (starting.delete(started)) await stack.stop();
    };
    return { ...stack, stop };
  };
  return {
    closing: closing.signal,
    open: async (name, checkout, idleSeconds) => {
      const stack = await startStack(checkout);
      return {
        name,
        stack,
        idle: await measureIdle(stack, idleSeconds),
        startStack: (flags) => startStack(checkout, flags),
        runProgram: (file, args) => runProgram(checkout, file, args, closing.signal),
      };
    },
    close: async () => {
      closing.abort();
      const stopOne = async (started: Promise<StartedStack>) => {
        const stack = await started.catch(() => null); // What did not start has left nothing.
        await stack?.stop();
      };
      await Promise.all([...starting].map(stopOne));
    },
  };
}

async function runProgram(
  checkout: string,
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const node = ['--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...node, join(checkout, file), ...args], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-LAST_WORDS_CHARACTERS);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} failed: ${words.trim()}`);
}
