import type { QuickJSHandle } from 'quickjs-emscripten-core';
import { fixedLimits } from '../limits.ts';
import { type Machine, MachineStopped, type Stop } from './javascript-machine.ts';
import { prelude } from './javascript-prelude.ts';
import type { JavascriptJob, JavascriptResult } from './protocol.ts';

/** As node's own exit code for a top-level await that nothing ever settles. */
const neverSettled = 13;
const jobsAtOnce = 1_000;
/** What a batch of jobs costs of the script's interrupts, which a job too short to be interrupted never spends. */
const interruptsPerBatch = 100;
/** What a call out of the machine costs, for the same reason. */
const interruptsPerWrite = 0.05;

/** What a script has written: all of it is counted, the beginning of it kept. */
interface Output {
  written: number;
  /** More than this stops the machine, and this much of each is kept. */
  most: number;
  keep: number;
  readonly kept: Record<1 | 2, { chunks: Buffer[]; bytes: number }>;
}

/** A machine with the world that scripts meet in it, made before the script is there. For one script. */
export interface World {
  readonly machine: Machine;
  readonly output: Output;
  readonly call: (name: 'give' | 'fail' | 'follow', ...given: QuickJSHandle[]) => void;
}

/** Makes the world of one script: its console, `print`, `exit`, and nothing that tells time or chance. */
export function createWorld(machine: Machine): World {
  const { context, state } = machine;
  const kept = { 1: { chunks: [], bytes: 0 }, 2: { chunks: [], bytes: 0 } };
  const output: Output = { written: 0, most: 0, keep: 0, kept };
  const write = context.newFunction('write', (fd, text) => {
    keep(output, context.getNumber(fd) === 1 ? 1 : 2, Buffer.from(context.getString(text)));
    state.interrupts -= interruptsPerWrite;
    if (state.interrupts < 0) state.stop ??= { reason: 'cpu' };
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
 * bounds it is counted (interrupts, bytes), never timed.
 */
export function runJavascript(
  world: World,
  job: JavascriptJob,
  script: string,
  deliverableJson: string,
): JavascriptResult {
  const { machine, output } = world;
  machine.state.memoryBytes = job.memoryBytes;
  machine.state.interrupts = job.interrupts;
  output.most = job.outputBytes;
  output.keep = job.keptOutputBytes;
  let stop: Stop;
  try {
    stop = evaluate(world, script, deliverableJson);
  } catch (error) {
    if (error instanceof MachineStopped) stop = error.stop;
    else if (machine.state.stop !== null) stop = machine.state.stop;
    else if (error instanceof RangeError) stop = hostStackOverflow(output);
    else throw error;
  }
  return {
    ...describe(stop, job),
    stdout: textOf(output, 1),
    stderr: textOf(output, 2),
    peakMemoryBytes: machine.memoryBytes(),
  };
}

function evaluate({ machine, call }: World, script: string, json: string): Stop {
  const { context, runtime, state } = machine;
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
    const ran = runtime.executePendingJobs(jobsAtOnce);
    if (ran.error !== undefined) call('fail', ran.error);
    state.interrupts -= interruptsPerBatch;
    if (state.interrupts < 0) return { reason: 'cpu' };
  }
  return { reason: 'exit', code: fulfilled ? 0 : neverSettled };
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

function hostStackOverflow(output: Output): Stop {
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
      return stopped('cpu', `Stopped after ${job.interrupts} interrupts, the limit of processor time.`);
    case 'memory':
      return stopped(
        'memory',
        `Asked for more than ${Math.floor(job.memoryBytes / 1_048_576)} MB of memory.`,
      );
    case 'output':
      return stopped('output', `Wrote more than ${job.outputBytes} bytes.`);
    case 'exit':
      return {
        outcome: stop.code === 0 ? 'passed' : 'failed',
        exitCode: stop.code,
        message:
          stop.code === neverSettled
            ? 'Awaited what never settled: code 13.'
            : `Exited with code ${stop.code}.`,
      };
  }
}
