import { Worker } from 'node:worker_threads';
import { programPaths } from './bundle-paths.ts';

/** Size of the memory that the watching thread shares with this one, per process: its peak, and whether it was over. */
const watchedBytes = 16;
export const watchedFields = { peakBytes: 0, isOver: 1 } as const;

/** Messages to the watching thread. */
export type WatchMessage =
  | {
      readonly kind: 'watch';
      readonly pid: number;
      readonly maxBytes: number;
      readonly shared: SharedArrayBuffer;
    }
  | { readonly kind: 'stop'; readonly pid: number };

export interface MemoryWatch {
  readonly peakBytes: () => number;
  /** Whether it was killed for using more than it may; set before the kill. */
  readonly isOver: () => boolean;
  stop(): void;
}

let watcher: Worker | null = null;

/** Starts the one watching thread, which works while this thread's event loop is busy and does not keep the process alive. */
function startWatcher(): Worker {
  if (watcher === null) {
    const { memoryWatcher, nodeArguments } = programPaths();
    const made = new Worker(memoryWatcher, { execArgv: [...nodeArguments], env: {} });
    made.unref();
    made.once('exit', () => {
      watcher = null;
    });
    watcher = made;
  }
  return watcher;
}

/** Watches the resident memory of a process of ours, and kills it at more than `maxBytes`. */
export function watchMemory(pid: number, maxBytes: number): MemoryWatch {
  const shared = new SharedArrayBuffer(watchedBytes);
  const fields = new Float64Array(shared);
  const thread = startWatcher();
  thread.postMessage({ kind: 'watch', pid, maxBytes, shared } satisfies WatchMessage);
  return {
    peakBytes: () => fields[watchedFields.peakBytes] ?? 0,
    isOver: () => fields[watchedFields.isOver] === 1,
    stop: () => thread.postMessage({ kind: 'stop', pid } satisfies WatchMessage),
  };
}
