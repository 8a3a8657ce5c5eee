import { closeSync, readFileSync, writeSync } from 'node:fs';
import type { ProgramJob, ScriptJob } from '../backend.ts';
import { interpreterLine, type ProcessLimits, programLine, sandboxOptions } from './bwrap/bubblewrap.ts';
import { createInputs, createProgramInputs, type Inputs, programDirectory } from './bwrap/inputs.ts';
import {
  createLauncher,
  discardLauncher,
  type Launcher,
  releaseLauncher,
  type SandboxContext,
} from './bwrap/launcher.ts';
import type { Group, GroupUsage } from './cgroup/cgroup.ts';
import type { Interpreter } from './runtimes.ts';
import { type Capture, capture, readLines } from './watch/capture.ts';
import { createKill } from './watch/kill.ts';
import { endOrphans, findHolders, nameOfPipe } from './watch/orphans.ts';

/** Bounds that are fixed when the interpreter starts. A job may have lower ones, never higher. */
export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly processes: number;
  readonly diskBytes: number;
  readonly cpuMs: number;
  readonly keptOutputBytes: number;
}

/** What the sandbox's first process says when the script has ended. */
export interface EndReport {
  /** As a shell has it: 128 and the number of the signal when one ended it. */
  readonly exitCode: number;
  /** Of the script and all it waited for, with the start of its interpreter. */
  readonly cpuMs: number;
}

/**
 * When the interpreter starts: with the sandbox, to wait for its script, or with the script. The second is faster
 * where the script is there already, because then nothing stands between the two.
 */
export type Start = 'waiting' | 'with script';

/** One sandbox: it runs one script and is gone. */
export interface Sandbox {
  /** The one that all of it runs on. */
  readonly processor: number;
  readonly interpreter: Interpreter;
  readonly limits: SandboxLimits;
  readonly group: Group | null;
  readonly stdout: Capture;
  readonly stderr: Capture;
  /** True once the sandbox is up; false when it ended before that. */
  readonly ready: Promise<boolean>;
  /** The script ended and what it leaves can still be measured; null when the sandbox ended first. */
  readonly reported: Promise<EndReport | null>;
  /** No process of it is left. */
  readonly dead: Promise<void>;
  /** Dead, and its slot and control group are released. */
  readonly ended: Promise<void>;
  /** Writes the inputs and starts the script. `onOutput` is called with the size of every piece of output. */
  give(job: ScriptJob | ProgramJob, onOutput: (bytes: number) => void): void;
  /** Lowers the limits that it was started with, where it has a control group. */
  limit(limits: Pick<SandboxLimits, 'memoryBytes' | 'processes'>): void;
  /** Still false at the end where a pre-warmed interpreter ended before it was told to start the script. */
  hasBegun(): boolean;
  /** Lets the first process end, and with it the sandbox. */
  release(): void;
  kill(): void;
  /** Usage of the control group so far, or at the end; null without a group. */
  usage(): GroupUsage | null;
  /** The first process's id as the runner sees it, while it lives. */
  initPid(): number | null;
}

/** Processes of a sandbox that are not the script's: bwrap outside, the first process inside. */
const ownProcesses = 2;

/** How many more the kernel's own limit allows where a group or the watchdog counts exactly. */
const spareProcesses = 8;

/** Timeout for a sandbox to come up. */
const standMs = 20_000;

/** How much larger /tmp is than its limit, so that passing the limit is seen. */
const diskMargin = 256 * 1024;

/** The launcher of a sandbox with these limits. */
export function launcherFor(
  context: SandboxContext,
  limits: SandboxLimits,
  processor: number = context.processors[0] ?? 0,
): Launcher {
  return createLauncher(context, groupLimits(limits), processor);
}

/**
 * Starts a sandbox for one script of an interpreter. Throws when it cannot even be spawned. A launcher given must
 * have been made for the same limits.
 */
export function startSandbox(
  context: SandboxContext,
  interpreter: Interpreter,
  limits: SandboxLimits,
  start: Start | ProgramJob,
  launcher: Launcher = launcherFor(context, limits),
): Sandbox {
  const inputs = inputsFor(context, launcher, () =>
    typeof start === 'string'
      ? createInputs(context.scratch.path, launcher.slot, interpreter.scriptPath)
      : createProgramInputs(context.scratch.path, launcher.slot, start),
  );
  const diskBytes = limits.diskBytes + diskMargin;
  const options = sandboxOptions({ interpreter, diskBytes, inputs: inputs.binds, masks: context.masks });
  const [first, go] = linesOf(interpreter, limits, start, launcher.group);
  begin(launcher, options, first);
  return supervise(context, { interpreter, limits, start, go, inputs, launcher });
}

/** What the first process is told to run: at once, and when the job is there. */
function linesOf(
  interpreter: Interpreter,
  limits: SandboxLimits,
  start: Start | ProgramJob,
  group: Group | null,
): readonly [first: string, go: string] {
  const bounds = processLimits(interpreter, limits, group);
  if (typeof start !== 'string') {
    const command = [...interpreter.programCommand(limits.memoryBytes), `${programDirectory}/${start.entry}`];
    return ['', programLine(bounds, command, start.args)];
  }
  const command = interpreter.command(limits.memoryBytes);
  return start === 'waiting'
    ? [interpreterLine(bounds, 'runner', [...command, interpreter.harnessPath]), '\n']
    : ['', interpreterLine(bounds, 'nothing', [...command, interpreter.scriptPath])];
}

function inputsFor(context: SandboxContext, launcher: Launcher, create: () => Inputs): Inputs {
  try {
    return create();
  } catch (error) {
    void discardLauncher(context, launcher);
    throw error;
  }
}

function begin({ child, ours }: Launcher, options: readonly string[], line: string): void {
  try {
    writeSync(ours.args, `${options.join('\0')}\0`);
    writeSync(ours.stdin, line);
  } catch {
    // It is gone, or must not go on with half of its options.
    child.kill('SIGKILL');
  } finally {
    closeSync(ours.args);
  }
}

interface Parts {
  readonly interpreter: Interpreter;
  readonly limits: SandboxLimits;
  readonly start: Start | ProgramJob;
  /** What on standard input starts the script. */
  readonly go: string;
  readonly inputs: Inputs;
  readonly launcher: Launcher;
}

function supervise(context: SandboxContext, parts: Parts): Sandbox {
  const { inputs, limits, launcher } = parts;
  const { child, ours, group, exited } = launcher;
  let countOutput: (bytes: number) => void = () => undefined;
  const status = readStatus(ours.status, parts.start, () => inputs.unlink());
  const stdout = capture(ours.stdout, limits.keptOutputBytes, (bytes) => countOutput(bytes));
  const stderr = capture(ours.stderr, limits.keptOutputBytes, (bytes) => countOutput(bytes));
  const initPid = () => (launcher.hasExited() ? null : onlyChild(child.pid));
  const release = once(() => closeSync(ours.stdin));
  const kill = createKill(child, exited, initPid);
  const deadline = setTimeout(kill, standMs);
  void status.ready.then(() => clearTimeout(deadline));
  let lastUsage: GroupUsage | null = null;
  const closed = Promise.all([status.ended, stdout.ended, stderr.ended]);
  const pipe = nameOfPipe(ours.status);
  const die = async () => {
    await exited;
    await endOrphans(() => group?.members() ?? findHolders(pipe), closed);
    release();
    inputs.close();
    lastUsage = readIfThere(group);
  };
  const dead = die();
  return {
    processor: launcher.processor,
    interpreter: parts.interpreter,
    limits,
    group,
    stdout,
    stderr,
    ready: status.ready,
    reported: status.reported,
    dead,
    ended: dead.then(() => releaseLauncher(context, launcher)),
    give(job, onOutput) {
      countOutput = onOutput;
      if ('script' in job) {
        inputs.fill(job);
      }
      writeSync(ours.stdin, parts.go);
    },
    limit: (lower) => group?.limit(groupLimits(lower)),
    release,
    kill,
    hasBegun: status.hasBegun,
    usage: () => lastUsage ?? group?.read() ?? null,
    initPid,
  };
}

/** Usage of a group that may have been removed. */
function readIfThere(group: Group | null): GroupUsage | null {
  try {
    return group?.read() ?? null;
  } catch {
    return null;
  }
}

/** The lines `ready`, `exit <code>`, what the shell's `times` prints, `done`, and from an interpreter that waited `begun`. */
function readStatus(fd: number, start: Start | ProgramJob, onReady: () => void) {
  const ready = Promise.withResolvers<boolean>();
  const reported = Promise.withResolvers<EndReport | null>();
  let exitCode = 0;
  let cpuMs = 0;
  let begun = start !== 'waiting';
  const ended = readLines(fd, (line) => {
    if (line === 'ready') {
      onReady();
      ready.resolve(true);
    } else if (line.startsWith('exit ')) {
      exitCode = Number(line.slice(5));
    } else if (line === 'done') {
      reported.resolve({ exitCode, cpuMs });
    } else if (line === 'begun') {
      begun = true;
    } else {
      // The shell's own time, then its children's: the last line stands.
      cpuMs = sumTimes(line);
    }
  });
  void ended.then(() => {
    ready.resolve(false);
    reported.resolve(null);
  });
  return { ready: ready.promise, reported: reported.promise, ended, hasBegun: () => begun };
}

/** Milliseconds in `0m0.010000s 0m0.020000s`. */
function sumTimes(line: string): number {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)]
    .map(([, minutes, seconds]) => (Number(minutes) * 60 + Number(seconds)) * 1000)
    .reduce((sum, ms) => sum + ms, 0);
}

/** bwrap's one child. The kernel lists it until bwrap has reaped it, so the id cannot be another process's. */
function onlyChild(pid: number | undefined): number | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? null : Number(children.split(' ')[0]);
  } catch {
    return null;
  }
}

function groupLimits({ memoryBytes, processes }: Pick<SandboxLimits, 'memoryBytes' | 'processes'>) {
  return { memoryBytes, processes: processes + ownProcesses };
}

function processLimits(interpreter: Interpreter, limits: SandboxLimits, group: Group | null): ProcessLimits {
  return {
    processes: limits.processes + ownProcesses + spareProcesses,
    // Backstop of the exact count: RLIMIT_CPU is per process and in whole seconds.
    cpuSeconds: Math.ceil(limits.cpuMs / 1000) + 1,
    // A little more than allowed, as /tmp has: what reaches the bound itself is seen to pass the limit.
    fileBytes: limits.diskBytes + diskMargin,
    // With a group, being over is for the kernel to say; without, this stops what outruns the watchdog. It is
    // far enough above the limit that an ordinary excess is seen as what it is.
    dataBytes: group === null && interpreter.boundByDataLimit ? limits.memoryBytes * 2 : null,
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) {
      done = true;
      action();
    }
  };
}
