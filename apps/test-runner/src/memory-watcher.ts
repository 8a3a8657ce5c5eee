// The thread that watches how much memory workers use. Nothing else runs in it, so it is never late.
import { parentPort } from 'node:worker_threads';
import { type WatchMessage, watchedFields } from './memory-watch.ts';
import { readRssBytes } from './process-usage.ts';

const intervalMs = 25;

interface Watched {
  readonly maxBytes: number;
  readonly fields: Float64Array;
}

const watched = new Map<number, Watched>();

function look(pid: number, { maxBytes, fields }: Watched): void {
  const bytes = readRssBytes(pid);
  fields[watchedFields.peakBytes] = Math.max(fields[watchedFields.peakBytes] ?? 0, bytes);
  if (bytes <= maxBytes) return;
  fields[watchedFields.isOver] = 1;
  watched.delete(pid);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has just ended.
  }
}

parentPort?.on('message', (message: WatchMessage) => {
  if (message.kind === 'stop') {
    watched.delete(message.pid);
    return;
  }
  const { pid, maxBytes, shared } = message;
  watched.set(pid, { maxBytes, fields: new Float64Array(shared) });
});
setInterval(() => {
  for (const [pid, each] of watched) look(pid, each);
}, intervalMs);
