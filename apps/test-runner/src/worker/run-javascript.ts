import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { fixedLimits } from '../limits.ts';
import { type Machine, MachineStopped, type Stop } from './javascript-machine.ts';
import { prelude } from './javascript-prelude.ts';
import type { JavascriptJob, JavascriptResult } from './protocol.ts';

/** As node's own exit code for a top-level await that nothing ever settles. */
const neverSettled = 13;
/** In place of a reason that was freed together with its promise. */
const lostReason = 'the reason is gone with its promise';
/** Steps charged for a call to the host, and for each piece of its output: the host's own work is not metered. */
const stepsPerWrite = 1_000;
const bytesPerStep = 4;

/** What a script has written: all of it is counted, the beginning of it kept. */
interface Output {
  written: number;
  /** More than this stops the machine, and this much of each is kept. */
  most: number;
  keep: number;
  readonly kept: Record<1 | 2, { chunks: Buffer[]; bytes: number }>;
}

/** A pre-warmed engine with the globals that scripts see. For one script. */
export interface World {
  readonly machine: Machine;
  readonly output: Output;
  readonly call: (name: 'give' | 'fail' | 'tell' | 'follow', ...given: QuickJSHandle[]) => void;
}

/** Makes the world of one script: its console, `print`, `exit`, and nothing that tells time or chance. */
export function createWorld(machine: Machine): World {
  const { context, state, steps } = machine;
  const kept = { 1: { chunks: [], bytes: 0 }, 2: { chunks: [], bytes: 0 } };
  const output: Output = { written: 0, most: 0, keep: 0, kept };
  const write = context.newFunction('write', (fd, text) => {
    const bytes = Buffer.from(context.getString(text));
    keep(output, context.getNumber(fd) === 1 ? 1 : 2, bytes);
    steps.value -= BigInt(stepsPerWrite + Math.ceil(bytes.length / bytesPerStep));
    if (output.written > output.most) state.stop ??= { reason: 'output' };
  });
  const end = context.newFunction('end', (code) => {
    state.stop ??= { reason: 'exit', code: exitCode(context.getNumber(code)) };
  });
  const make = context.unwrapResult(context.evalCode(prelude, 'prelude.js'));
  const longest = context.newNumber(fixedLimits.outputBytes + 1);
  const host = context.unwrapResult(context.callFunction(make, context.undefined, write, end, longest));
  return {
    machine,
    output,
    call: (name, ...given) => {
      context.unwrapResult(context.callFunction(context.getProp(host, name), host, ...given));
    },
  };
}

/**
 * Runs one script in a fresh world. The same script, deliverable and limits give the same result: what
 * bounds it is counted (steps, bytes), never timed.
 */
export function runJavascript(
  world: World,
  job: JavascriptJob,
  script: string,
  deliverableJson: string,
): JavascriptResult {
  const { machine, output } = world;
  machine.state.memoryBytes = job.memoryBytes;
  machine.steps.value = BigInt(job.steps);
  output.most = job.outputBytes;
  output.keep = job.keptOutputBytes;
  const stop = runToEnd(world, script, deliverableJson);
  return {
    ...describe(stop, job),
    stdout: textOf(output, 1),
    stderr: textOf(output, 2),
    peakMemoryBytes: machine.memoryBytes(),
  };
}

function runToEnd(world: World, script: string, deliverableJson: string): Stop {
  const { machine, output } = world;
  let stop: Stop;
  try {
    stop = evaluate(world, script, deliverableJson);
  } catch (error) {
    if (machine.steps.value < 0n) return { reason: 'cpu' };
    if (error instanceof MachineStopped) stop = error.stop;
    else if (machine.state.stop !== null) stop = machine.state.stop;
    else if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError)
      return engineOverflow(output);
    else throw error;
  }
  // One that ends itself with 0 says that all is well, which a rejection that nobody looked at denies.
  const saysWell = stop.reason === 'exit' && stop.code === 0;
  return saysWell && machine.promises.unhandled() !== null ? { reason: 'rejection' } : stop;
}

function evaluate({ machine, call }: World, script: string, json: string): Stop {
  const { context, runtime, promises } = machine;
  let fulfilled = false;
  const done = context.newFunction('done', () => {
    fulfilled = true;
  });
  call('give', context.newString(json));
  // An async function around the script lets it await at its top level.
  const started = context.evalCode(`(async()=>{${script}\n})()`, 'script.js', { backtraceBarrier: true });
  if (started.error !== undefined) call('fail', started.error);
  else call('follow', started.value, done);
  while (runtime.hasPendingJob()) {
    const ran = runtime.executePendingJobs();
    if (ran.error !== undefined) call('fail', ran.error);
  }
  const unhandled = promises.unhandled();
  if (unhandled !== null) {
    call('tell', unhandled === 'lost' ? context.newString(lostReason) : unhandled);
    return { reason: 'rejection' };
  }
  return { reason: 'exit', code: fulfilled && !promises.leftPending() ? 0 : neverSettled };
}

function exitCode(code: number): number {
  return Number.isFinite(code) ? Math.trunc(code) & 0xff : 1;
}

function keep(output: Output, fd: 1 | 2, bytes: Buffer): void {
  output.written += bytes.length;
  const kept = output.kept[fd];
  if (kept.bytes >= output.keep) return;
  const part = bytes.subarray(0, output.keep - kept.bytes);
  kept.chunks.push(part);
  kept.bytes += part.length;
}

function textOf(output: Output, fd: 1 | 2): string {
  return Buffer.concat(output.kept[fd].chunks).toString('utf8');
}

/** Recursion inside the engine that it does not look at runs off the end of its stack, at the same place every time. */
function engineOverflow(output: Output): Stop {
  keep(output, 2, Buffer.from('InternalError: stack overflow\n'));
  return { reason: 'exit', code: 1 };
}

function describe(
  stop: Stop,
  job: JavascriptJob,
): Pick<JavascriptResult, 'outcome' | 'exitCode' | 'message'> {
  const stopped = (outcome: 'cpu' | 'memory' | 'output', message: string) => ({
    outcome,
    exitCode: null,
    message,
  });
  switch (stop.reason) {
    case 'cpu':
      return stopped('cpu', `Stopped after ${job.steps} steps, the limit of processor time.`);
    case 'memory':
      return stopped(
        'memory',
        `Asked for more than ${Math.floor(job.memoryBytes / 1_048_576)} MB of memory.`,
      );
    case 'output':
      return stopped('output', `Wrote more than ${job.outputBytes} bytes.`);
    case 'rejection':
      return {
        outcome: 'failed',
        exitCode: 1,
        message: 'A promise was rejected and nobody handled it: code 1.',
      };
    case 'exit':
      return {
        outcome: stop.code === 0 ? 'passed' : 'failed',
        exitCode: stop.code,
        message:
          stop.code === neverSettled ? 'A promise never settled: code 13.' : `Exited with code ${stop.code}.`,
      };
  }
}
