import { storableText } from '@agent-registry/schemas';
import type { ProgramJob, ProgramOutcome, ScriptJob, ScriptLimits, ScriptOutcome } from '../backend.ts';
import { BackendUnavailable, NotBegun } from '../backend.ts';
import { readPending } from '../read-pending.ts';
import type { EndReport, Sandbox } from './sandbox.ts';
import { startWatch, type Violation } from './watch/watch.ts';

/** How a run ended apart from its output and its figures. */
type Ending = Pick<ScriptOutcome, 'outcome' | 'exitCode' | 'message'>;

/** The signal of a process that the system call filter killed. */
const SIGSYS = 31;

/** How Node ends when its heap is at its bound, which is below the memory limit. */
const SIGABRT = 6;
const saidChars = 500;
const heapExhausted = 'JavaScript heap out of memory';

/** Exit statuses above this are 128 and a signal's number. */
const signalBase = 128;
const lastSignal = 64;

/**
 * Lets a sandbox run one script or program to its end and waits until nothing of it is left. Rejects with the signal's reason
 * when aborted, with BackendUnavailable when the script never began, or was ended because the machine was short of memory.
 */
export async function runScript(
  sandbox: Sandbox,
  job: ScriptJob | ProgramJob,
  signal: AbortSignal,
): Promise<ProgramOutcome> {
  const kill = () => sandbox.kill();
  signal.addEventListener('abort', kill);
  try {
    if (signal.aborted) {
      sandbox.kill();
    }
    // It may be aborted just as it comes up.
    if (!(await sandbox.ready) || signal.aborted) {
      sandbox.kill();
      await sandbox.dead;
      signal.throwIfAborted();
      throw new BackendUnavailable(
        `the sandbox could not be built: ${storableText(sandbox.stderr.text(), saidChars)}`,
      );
    }
    return await runReady(sandbox, job, signal);
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

async function runReady(
  sandbox: Sandbox,
  job: ScriptJob | ProgramJob,
  signal: AbortSignal,
): Promise<ProgramOutcome> {
  const { limits } = job;
  let violation: Violation | 'starved' | null = null;
  const violate = (found: Violation | 'starved') => {
    violation ??= found;
    sandbox.kill();
  };
  const watch = startWatch(sandbox, limits, violate);
  let hasEnded = false;
  void sandbox.reported.then((found) => {
    hasEnded = found !== null;
  });
  const wall = setTimeout(() => {
    // The timer may fire late, with the report of a script that ended in time still in the pipe: that is read first.
    void readPending().then(() => {
      if (!hasEnded) violate('timeout');
    });
  }, limits.wallMs);
  const startedAt = performance.now();
  let report: EndReport | null = null;
  let durationMs: number;
  try {
    lowerLimits(sandbox, limits, violate);
    if (violation === null) {
      start(sandbox, job, violate);
    }
    report = await sandbox.reported;
    durationMs = performance.now() - startedAt;
    await watch.measure();
  } finally {
    watch.stop();
    clearTimeout(wall);
    endSandbox(sandbox, report !== null);
  }
  await sandbox.dead;
  const measured = await watch.measure();
  signal.throwIfAborted();
  const stderr = sandbox.stderr.text();
  return {
    ...endingOf(violationOf(sandbox, report, violation), report, limits, stderr),
    stdout: sandbox.stdout.text(),
    stdoutBytes: sandbox.stdout.bytes(),
    stderr,
    usage: { durationMs, ...measured },
  };
}

/** The limit that the script passed. Throws BackendUnavailable, so that the run is retried, where the cause is not the script. */
function violationOf(
  sandbox: Sandbox,
  report: EndReport | null,
  violation: Violation | 'starved' | null,
): Violation | null {
  if (report !== null && !sandbox.hasBegun()) {
    throw new NotBegun('the interpreter ended while it waited');
  }
  if (violation === 'starved') {
    throw new BackendUnavailable('the machine had less to give than the script was allowed');
  }
  return violation;
}

/** A first process that has reported ends by itself; anything else is ended. */
function endSandbox(sandbox: Sandbox, hasReported: boolean): void {
  if (hasReported) {
    sandbox.release();
  } else {
    sandbox.kill();
  }
}

function start(sandbox: Sandbox, job: ScriptJob | ProgramJob, violate: (violation: Violation) => void): void {
  let written = 0;
  try {
    sandbox.give(job, (bytes) => {
      written += bytes;
      if (written > job.limits.outputBytes) {
        violate('output');
      }
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
      throw new NotBegun('the interpreter ended while it waited');
    }
    throw error;
  }
}

/** A job may have lower limits than the pre-warmed interpreter was started with. */
function lowerLimits(sandbox: Sandbox, limits: ScriptLimits, violate: (violation: Violation) => void): void {
  if (limits.memoryBytes < sandbox.limits.memoryBytes || limits.processes < sandbox.limits.processes) {
    try {
      sandbox.limit(limits);
    } catch {
      // The interpreter alone is larger, and the kernel found nothing in it to drop.
      violate('memory');
    }
  }
}

const violations: Record<Violation, (limits: ScriptLimits) => string> = {
  timeout: ({ wallMs }) => `Stopped after ${wallMs / 1000} seconds.`,
  cpu: ({ cpuMs }) => `Stopped after ${cpuMs / 1000} seconds of processor time.`,
  memory: ({ memoryBytes }) => `Stopped for using more than ${memoryBytes / 1024 / 1024} MiB of memory.`,
  output: ({ outputBytes }) => `Stopped for writing more than ${outputBytes} bytes of output.`,
  processes: ({ processes }) => `Stopped for having more than ${processes} processes and threads.`,
  disk: ({ diskBytes, diskFiles }) =>
    `Stopped for leaving more than ${diskBytes} bytes or ${diskFiles} files in /tmp.`,
};

function endingOf(
  violation: Violation | null,
  report: EndReport | null,
  limits: ScriptLimits,
  stderr: string,
): Ending {
  if (violation !== null) {
    return { outcome: violation, exitCode: null, message: violations[violation](limits) };
  }
  if (report === null) {
    // The script cannot reach the first process, so this was not its doing.
    throw new Error(`the sandbox ended without a report: ${storableText(stderr, saidChars)}`);
  }
  const { exitCode } = report;
  if (exitCode === 0) {
    return { outcome: 'passed', exitCode, message: 'Exited with code 0.' };
  }
  const signal = exitCode - signalBase;
  if (signal === SIGSYS) {
    return { outcome: 'forbidden', exitCode: null, message: 'Stopped for a forbidden system call.' };
  }
  if (signal === SIGABRT && stderr.includes(heapExhausted)) {
    return { outcome: 'memory', exitCode: null, message: violations.memory(limits) };
  }
  if (signal > 0 && signal <= lastSignal) {
    return { outcome: 'killed', exitCode: null, message: `Ended by signal ${signal}.` };
  }
  return { outcome: 'failed', exitCode, message: `Exited with code ${exitCode}.` };
}
