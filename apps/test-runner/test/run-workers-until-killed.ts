import { programPaths } from '../src/bundle-paths.ts';
import { workerKinds } from '../src/worker/protocol.ts';
import { startWorker } from '../src/worker-process.ts';

// A runner as a program of its own, to be killed. It says its workers' process ids; the one for scripts is then in the
// middle of one that never ends.
const mb = 1_048_576;
const workers = workerKinds.map((kind) => ({
  kind,
  worker: startWorker({ kind, paths: programPaths(), heapMb: 64, maxMemoryBytes: 64 * mb }),
}));
await Promise.all(workers.map(({ worker }) => worker.ready));
process.stdout.write(`${workers.map(({ worker }) => worker.pid).join(' ')}\n`);
const script = 'for (;;) {}';
const job = {
  scriptBytes: script.length,
  steps: 1e15,
  memoryBytes: 64 * mb,
  outputBytes: mb,
  keptOutputBytes: 1_000,
};
const bounds = { wallMs: 600_000, rssBytes: 2_048 * mb, answerBytes: mb };
for (const { kind, worker } of workers) {
  if (kind === 'javascript')
    await worker.run(job, Buffer.from(`${script}null`), bounds, new AbortController().signal);
}
