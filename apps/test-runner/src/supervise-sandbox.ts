import { Worker } from 'node:worker_threads';
import {
  BackendUnavailable,
  type ProgramOutcome,
  type ScriptBackend,
  type ScriptOutcome,
} from './backend.ts';
import { programPaths } from './bundle-paths.ts';
import { closeStrayDescriptors, type SandboxOptions, type SandboxResult } from './sandbox/index.ts';
import {
  type FromSupervisor,
  reviveBuffers,
  type SupervisedJob,
  type ToSupervisor,
} from './supervisor-messages.ts';

type Waiting = PromiseWithResolvers<ScriptOutcome | ProgramOutcome>;
type Requests = Map<number, Waiting>;

/**
 * Runs the sandboxes from a thread of its own, whose timers and watchdog go on while this thread's event loop is busy with
 * a request. The same as `createSandboxBackend` otherwise: found at boot, closed with the service.
 */
export async function superviseSandbox(options: SandboxOptions): Promise<SandboxResult> {
  // Before the thread has descriptors of its own.
  closeStrayDescriptors();
  const { supervisor, nodeArguments } = programPaths();
  const thread = new Worker(supervisor, {
    workerData: options,
    execArgv: [...nodeArguments],
    env: {},
    trackUnmanagedFds: false,
  });
  const requests: Requests = new Map();
  const started = Promise.withResolvers<Extract<FromSupervisor, { kind: 'started' }>>();
  const closed = Promise.withResolvers<void>();
  const fail = (error: Error): void => {
    started.reject(error);
    closed.resolve();
    for (const waiting of requests.values()) waiting.reject(error);
    requests.clear();
  };
  thread.on('message', (message: FromSupervisor) => {
    if (message.kind === 'started') started.resolve(message);
    else if (message.kind === 'closed') closed.resolve();
    else settle(requests, message);
  });
  thread.on('error', fail);
  thread.on('exit', () => fail(new Error('the supervisor of sandboxes ended')));
  const { report, runtimes } = await started.promise;
  const close = async (): Promise<void> => {
    thread.postMessage({ kind: 'close' } satisfies ToSupervisor);
    await closed.promise;
    await thread.terminate();
  };
  if (runtimes === null) {
    await close();
    return { backend: null, report };
  }
  const ask = createAsk(thread, requests);
  const backend: ScriptBackend = {
    runtimes,
    isolation: report,
    run: (job, signal) => ask({ kind: 'script', job }, signal),
    runProgram: (job, signal) => ask({ kind: 'program', job }, signal) as Promise<ProgramOutcome>,
    close,
  };
  return { backend, report };
}

/** Sends a job and waits for its end, also where it is aborted: then nothing of it is left. */
function createAsk(thread: Worker, requests: Requests) {
  let asked = 0;
  return async (job: SupervisedJob, signal: AbortSignal): Promise<ScriptOutcome | ProgramOutcome> => {
    signal.throwIfAborted();
    asked += 1;
    const id = asked;
    const waiting: Waiting = Promise.withResolvers();
    requests.set(id, waiting);
    const abort = (): void => thread.postMessage({ kind: 'abort', id } satisfies ToSupervisor);
    signal.addEventListener('abort', abort, { once: true });
    thread.postMessage({ kind: 'run', id, job } satisfies ToSupervisor);
    try {
      return await waiting.promise;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}

function settle(requests: Requests, message: Extract<FromSupervisor, { kind: 'ended' | 'failed' }>): void {
  const waiting = requests.get(message.id);
  requests.delete(message.id);
  if (message.kind === 'ended') waiting?.resolve(reviveBuffers(message.outcome));
  else if (message.isUnavailable) waiting?.reject(new BackendUnavailable(message.text));
  else waiting?.reject(new Error(message.text));
}
