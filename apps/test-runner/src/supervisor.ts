// The thread that runs sandboxes. Nothing of a stranger's is parsed or run here, so that its event loop is always free
// for the watchdog, for timers and for what sandboxes say.
import { parentPort, workerData } from 'node:worker_threads';
import { BackendUnavailable, type ScriptBackend } from './backend.ts';
import { createSandboxBackend, type SandboxOptions } from './sandbox/index.ts';
import {
  type FromSupervisor,
  reviveBuffers,
  type SupervisedJob,
  type ToSupervisor,
} from './supervisor-messages.ts';

const say = (message: FromSupervisor): void => parentPort?.postMessage(message);
const aborts = new Map<number, AbortController>();

async function run(backend: ScriptBackend, id: number, received: SupervisedJob): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    const { kind, job } = reviveBuffers(received);
    const outcome =
      kind === 'script' ? await backend.run(job, abort.signal) : await backend.runProgram(job, abort.signal);
    say({ kind: 'ended', id, outcome });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    say({ kind: 'failed', id, text, isUnavailable: error instanceof BackendUnavailable });
  } finally {
    aborts.delete(id);
  }
}

const { backend, report } = await createSandboxBackend(workerData as SandboxOptions);
parentPort?.on('message', (message: ToSupervisor) => {
  if (message.kind === 'abort') aborts.get(message.id)?.abort(new Error('nobody waits for it any more'));
  else if (message.kind === 'close')
    void (backend?.close() ?? Promise.resolve()).then(() => say({ kind: 'closed' }));
  else if (backend !== null) void run(backend, message.id, message.job);
});
say({ kind: 'started', report, runtimes: backend?.runtimes ?? null });
