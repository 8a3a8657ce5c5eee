import type { IsolationReport } from '@agent-registry/schemas';
import {
  BackendUnavailable,
  NotBegun,
  type ProgramJob,
  type ProgramOutcome,
  type ScriptBackend,
  type ScriptJob,
  type ScriptOutcome,
} from '../backend.ts';
import { discardLauncher, type SandboxContext } from './bwrap/launcher.ts';
import { createLaunchers } from './pool/launchers.ts';
import { createPool } from './pool/pool.ts';
import { leastUsed } from './pool/processors.ts';
import { runScript } from './run-script.ts';
import type { Interpreter } from './runtimes.ts';
import { launcherFor, type Sandbox, type SandboxLimits, startSandbox } from './sandbox.ts';

/** How a backend is sized. */
export interface BackendOptions {
  /** The most that any job may have: what interpreters are started with. */
  readonly maxLimits: SandboxLimits;
  /** Interpreters of each kind kept waiting; 0 for none. */
  readonly poolSize: number;
  /** Scripts at one time; one more is refused. */
  readonly concurrency: number;
}

/** Launchers kept in reserve: about a megabyte each. */
const maxLaunchers = 4;

/** The backend over interpreters and isolation that the self-test has found to hold. */
export function createBackend(
  context: SandboxContext,
  interpreters: readonly Interpreter[],
  isolation: IsolationReport,
  options: BackendOptions,
  onClose: () => Promise<void>,
): ScriptBackend {
  const { maxLimits } = options;
  const launchers = createLaunchers(
    Math.min(options.concurrency, maxLaunchers),
    (inUse) => launcherFor(context, maxLimits, leastUsed(context.processors, inUse)),
    (launcher) => discardLauncher(context, launcher),
  );
  const pool = createPool(interpreters, options.poolSize, (interpreter, inUse) => {
    const launcher = launcherFor(context, maxLimits, leastUsed(context.processors, inUse));
    return startSandbox(context, interpreter, maxLimits, 'waiting', launcher);
  });
  const running = new Set<Sandbox>();
  const busy = () => [...running].map(({ processor }) => processor);
  // Sandboxes whose script is over and whose resources are still being released.
  const ending = new Set<Promise<void>>();
  let closed = false;
  pool.refill();
  launchers.refill();

  /** Runs a job in a sandbox that waited, or in one that is started for it. */
  const run = async (
    job: ScriptJob | ProgramJob,
    begin: (interpreter: Interpreter) => { waiting: Sandbox | null; start: () => Sandbox },
    signal: AbortSignal,
  ): Promise<ProgramOutcome> => {
    signal.throwIfAborted();
    const interpreter = interpreters.find(({ name }) => name === job.runtime);
    if (interpreter === undefined) {
      throw new BackendUnavailable(`the runtime ${job.runtime} is not offered here`);
    }
    if (closed || running.size >= options.concurrency) {
      throw new BackendUnavailable(closed ? 'the sandbox is closing' : 'every sandbox is in use');
    }
    const { waiting, start } = begin(interpreter);
    try {
      return await runIn(waiting ?? start(), job, signal);
    } catch (error) {
      // A pre-warmed interpreter may have ended while it waited: retry once in a new one.
      if (waiting === null || closed || !(error instanceof NotBegun)) {
        throw error;
      }
      return await runIn(start(), job, signal);
    } finally {
      context.scratch.prepare();
      launchers.refill();
      pool.refill();
    }
  };
  const runScriptJob = async (job: ScriptJob, signal: AbortSignal): Promise<ScriptOutcome> => {
    const begin = (interpreter: Interpreter) => ({
      waiting: pool.take(interpreter, busy()),
      start: () => startSandbox(context, interpreter, maxLimits, 'with script', launchers.take(busy())),
    });
    const { stdoutBytes: _, ...outcome } = await run(clamp(job, maxLimits), begin, signal);
    return outcome;
  };
  const runProgram = async (job: ProgramJob, signal: AbortSignal): Promise<ProgramOutcome> => {
    // One byte more than is compared tells a longer output from one that fits.
    const limits = { ...maxLimits, keptOutputBytes: job.limits.keptOutputBytes + 1 };
    const begin = (interpreter: Interpreter) => ({
      waiting: null,
      start: () => startSandbox(context, interpreter, limits, job, launchers.take(busy())),
    });
    return run(clamp(job, maxLimits), begin, signal);
  };
  const runIn = async (
    sandbox: Sandbox,
    job: ScriptJob | ProgramJob,
    signal: AbortSignal,
  ): Promise<ProgramOutcome> => {
    running.add(sandbox);
    try {
      return await runScript(sandbox, job, signal);
    } finally {
      running.delete(sandbox);
      ending.add(sandbox.ended);
      void sandbox.ended.then(() => ending.delete(sandbox.ended));
    }
  };

  return {
    runtimes: interpreters.map(({ name, version }) => ({
      name,
      version,
      engine_hash: null,
      backend: isolation.backend,
    })),
    isolation,
    run: runScriptJob,
    runProgram,
    async close() {
      closed = true;
      for (const sandbox of running) {
        sandbox.kill();
        ending.add(sandbox.ended);
      }
      await Promise.all([pool.close(), launchers.close(), ...ending]);
      await onClose();
    },
  };
}

/** No job gets more than what its interpreter was started with. */
function clamp<Job extends ScriptJob | ProgramJob>(job: Job, max: SandboxLimits): Job {
  const { limits } = job;
  return {
    ...job,
    limits: {
      ...limits,
      memoryBytes: Math.min(limits.memoryBytes, max.memoryBytes),
      processes: Math.min(limits.processes, max.processes),
      diskBytes: Math.min(limits.diskBytes, max.diskBytes),
      cpuMs: Math.min(limits.cpuMs, max.cpuMs),
    },
  };
}
