import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BackendUnavailable, type Usage } from './backend.ts';
import type { ProgramPaths } from './bundle-paths.ts';
import { watchMemory } from './memory-watch.ts';
import { readCpuMs } from './process-usage.ts';
import { readPending } from './read-pending.ts';
import { createFrameReader, encodeFrame, type Frame, FrameTooLarge } from './worker/frames.ts';
import type { WorkerKind, WorkerMessage } from './worker/protocol.ts';

/** Longest time a worker may take to load. */
const bootMs = 20_000;
/** Longest time from handing a job to a worker to its beginning: what it does between jobs takes milliseconds. */
const beginMs = 20_000;
/** Longest message of a worker that has loaded. */
const readyBytes = 1_024;
/** The kernel's own bound on a worker, far above what retires one. */
const lifetimeCpuSeconds = 600;
/**
 * Stack of the process, in KiB, and V8's part of it: so large that the engine of `javascript` always meets its own limit first,
 * which is counted in bytes. V8's depends on which of the engine's functions its compiler has optimised by then.
 */
const stackKib = { process: 32_768, v8: 16_384 } as const;
/**
 * The shell sets limits that node cannot set for itself (core files, processor time, stack) and execs node. A worker in mid-job does not
 * see its standard input end, so a second process of its group waits for the end of descriptor 3, which comes with the
 * death of this process however it dies, and kills the group: that id is nobody else's while one of the group lives.
 */
const launchScript = [
  'ulimit -c 0',
  `ulimit -t ${lifetimeCpuSeconds}`,
  '(read -r _; kill -9 0) <&3 >/dev/null 2>&1 &',
  `ulimit -s ${stackKib.process} && exec "$0" --stack-size=${stackKib.v8} "$@" 3<&-`,
].join('\n');

export interface WorkerOptions {
  readonly kind: WorkerKind;
  readonly paths: ProgramPaths;
  readonly heapMb: number;
  readonly maxMemoryBytes: number;
}

/** Bounds on one job, kept by the parent, whatever the worker does. */
export interface JobBounds {
  readonly wallMs: number;
  readonly rssBytes: number;
  readonly answerBytes: number;
}

/** A result, or why the worker had to be stopped or stopped by itself. */
export type JobEnd =
  | { readonly kind: 'result'; readonly result: unknown; readonly usage: Usage }
  | {
      readonly kind: 'stopped';
      readonly reason: 'timeout' | 'memory' | 'output' | 'killed';
      readonly usage: Usage;
    };

/** `unbegun`: the worker was gone before it had looked into the job, which may be given to another. */
export type WorkerEnd = JobEnd | { readonly kind: 'unbegun' };

export interface WorkerProcess {
  readonly pid: number;
  /** Rejects when the program does not load. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  readonly isAlive: () => boolean;
  /** One job at a time. Rejects when the harness broke, or with the signal's reason. */
  run(header: unknown, body: Buffer, bounds: JobBounds, signal: AbortSignal): Promise<WorkerEnd>;
  kill(): void;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Starts one worker: node with an empty environment, in a session of its own so that the terminal's signals
 * miss it, without the right to write files, start processes or load native code.
 */
export function startWorker(options: WorkerOptions): WorkerProcess {
  const child = spawnNode(options);
  // Where it could not even be spawned, for want of descriptors say, it has no pipes.
  const lifeline = child.pid === undefined ? null : child.stdio[3];
  const exit = Promise.withResolvers<void>();
  const loaded = Promise.withResolvers<void>();
  // Nobody may be waiting when a spare worker fails to load.
  loaded.promise.catch(() => undefined);
  const bootTimer = setTimeout(() => child.kill('SIGKILL'), bootMs);
  let alive = true;
  let onMessage = (message: WorkerMessage): void => {
    if (message.kind !== 'ready') return;
    clearTimeout(bootTimer);
    loaded.resolve();
  };
  let feed = createReader(readyBytes, (message) => onMessage(message));
  let onBroken = (_error: unknown): void => {
    child.kill('SIGKILL');
  };
  child.on('error', () => finish());
  child.on('exit', () => finish());
  if (child.pid !== undefined) {
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        feed(chunk);
      } catch (error) {
        onBroken(error);
      }
    });
    child.stdin.on('error', () => undefined);
  }
  function finish(): void {
    if (!alive) return;
    alive = false;
    clearTimeout(bootTimer);
    lifeline?.destroy();
    loaded.reject(new BackendUnavailable('a worker did not start'));
    exit.resolve();
  }
  return {
    pid: child.pid ?? 0,
    ready: loaded.promise,
    exited: exit.promise,
    isAlive: () => alive,
    kill: () => void child.kill('SIGKILL'),
    run: (header, body, bounds, signal) => {
      signal.throwIfAborted();
      return runJob({
        child,
        exited: exit.promise,
        bounds,
        signal,
        send: () => {
          for (const part of encodeFrame(header, body)) child.stdin.write(part);
        },
        listen: (message, broken) => {
          onMessage = message;
          onBroken = broken;
          feed = createReader(bounds.answerBytes, message);
        },
      });
    },
  };
}

function createReader(maxBytes: number, onMessage: (message: WorkerMessage) => void) {
  const reader = createFrameReader(maxBytes, ({ header }: Frame) => onMessage(header as WorkerMessage));
  return (chunk: Buffer): void => reader.feed(chunk);
}

interface RunningJob {
  readonly child: Child;
  readonly exited: Promise<void>;
  readonly bounds: JobBounds;
  readonly signal: AbortSignal;
  readonly send: () => void;
  readonly listen: (message: (message: WorkerMessage) => void, broken: (error: unknown) => void) => void;
}

function runJob({ child, exited, bounds, signal, send, listen }: RunningJob): Promise<WorkerEnd> {
  const pid = child.pid ?? 0;
  let startedAtMs = performance.now();
  let cpuBeforeMs = 0;
  const ended = Promise.withResolvers<WorkerEnd>();
  let begun = false;
  let isSettled = false;
  const memory = watchMemory(pid, bounds.rssBytes);
  let peakMemoryBytes = 0;
  const usage = (cpuMs: number): Usage => ({
    durationMs: performance.now() - startedAtMs,
    cpuMs,
    peakMemoryBytes: Math.max(peakMemoryBytes, memory.peakBytes()),
  });
  const stop = (reason: 'timeout' | 'memory' | 'output' | 'killed'): void => {
    const end = (): WorkerEnd => ({
      kind: 'stopped',
      reason,
      usage: usage(Math.max(0, readCpuMs(pid) - cpuBeforeMs)),
    });
    ended.resolve(begun ? end() : { kind: 'unbegun' });
    child.kill('SIGKILL');
  };
  // The timer may fire late, with a result that came in time still in the pipe: that is read first.
  const outOfTime = (): void => {
    const fired = wall;
    void readPending().then(() => {
      if (!isSettled && wall === fired) stop('timeout');
    });
  };
  let wall = setTimeout(outOfTime, beginMs);
  const begin = (): void => {
    begun = true;
    startedAtMs = performance.now();
    cpuBeforeMs = readCpuMs(pid);
    clearTimeout(wall);
    wall = setTimeout(outOfTime, bounds.wallMs);
  };
  const abort = (): void => {
    ended.reject(signal.reason);
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', abort, { once: true });
  listen(
    (message) => {
      if (message.kind === 'begun') {
        begin();
      } else if (message.kind === 'result') {
        peakMemoryBytes = Math.max(peakMemoryBytes, message.rssBytes);
        ended.resolve({ kind: 'result', result: message.result, usage: usage(message.cpuMs) });
      } else {
        ended.reject(
          new Error(`a worker broke: ${message.kind === 'broken' ? message.message : message.kind}`),
        );
        child.kill('SIGKILL');
      }
    },
    (error) => {
      if (error instanceof FrameTooLarge) stop('output');
      else ended.reject(error);
      child.kill('SIGKILL');
    },
  );
  // V8 aborts the process when its heap is full; a crash for any other reason reads as killed. Nobody but this process
  // and the machine sends SIGKILL, and of this process's the job has been told before.
  void exited.then(readPending).then(() => {
    if (memory.isOver()) {
      stop('memory');
    } else if (begun && child.signalCode === 'SIGKILL') {
      ended.reject(new Error('a worker was killed from outside'));
    } else {
      stop(child.signalCode === 'SIGABRT' || child.exitCode === 134 ? 'memory' : 'killed');
    }
  });
  send();
  return ended.promise.finally(() => {
    isSettled = true;
    memory.stop();
    clearTimeout(wall);
    signal.removeEventListener('abort', abort);
  });
}

function spawnNode({ kind, paths, heapMb, maxMemoryBytes }: WorkerOptions): Child {
  const noCodegen = kind === 'javascript' ? ['--disallow-code-generation-from-strings'] : [];
  const program = [
    ...paths.nodeArguments,
    '--permission',
    ...[...paths.readable, paths.engine].map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${heapMb}`,
    ...noCodegen,
    paths.worker,
    kind,
    paths.engine,
    String(maxMemoryBytes),
  ];
  return spawn('/bin/sh', ['-c', launchScript, process.execPath, ...program], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    detached: true,
  }) as Child;
}
