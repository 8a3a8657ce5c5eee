import type { ProgramCase, ProgramRuntime } from '@agent-registry/criteria';
import { programBounds } from '@agent-registry/criteria';
import type { TestOutcome } from '@agent-registry/schemas';
import type { ProgramFile, ProgramOutcome, ScriptBackend, ScriptLimits, Usage } from '../backend.ts';
import type { CheckResult, ProgramAssertion } from '../worker/protocol.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { JobBounds } from '../worker-process.ts';
import { compareOutput } from './compare-output.ts';

/** What one case of a program is run with. */
export interface CaseContext {
  readonly backend: ScriptBackend;
  readonly checks: WorkerPool;
  /** Bounds of the check of an assertion. */
  readonly checkBounds: JobBounds;
  readonly runtime: ProgramRuntime;
  readonly files: readonly ProgramFile[];
  readonly entry: string;
  readonly limits: ScriptLimits;
}

/** How a case ended. The message continues a sentence that begins with the case's number. */
export interface CaseEnd {
  readonly outcome: TestOutcome;
  readonly message: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly usage: Usage;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Runs a program on the input of one case and compares the result with what is expected. */
export async function runCase(
  context: CaseContext,
  given: ProgramCase,
  signal: AbortSignal,
): Promise<CaseEnd> {
  const { backend, runtime, files, entry, limits } = context;
  const stdin = Buffer.from(given.stdin);
  const job = { runtime, files, entry, args: given.args, stdin, limits };
  const ended = await backend.runProgram(job, signal);
  const { exitCode, stdout, stderr, usage } = ended;
  const found = await compare(context, given, ended, signal);
  return { ...found, exitCode, stdout, stderr, usage };
}

type Finding = Pick<CaseEnd, 'outcome' | 'message'>;

async function compare(
  context: CaseContext,
  { expect }: ProgramCase,
  ended: ProgramOutcome,
  signal: AbortSignal,
): Promise<Finding> {
  if (ended.exitCode === null) return { outcome: ended.outcome, message: ended.message };
  if (ended.stdoutBytes.length > programBounds.stdoutBytes) {
    return failed(`standard output is over ${programBounds.stdoutBytes} bytes.`);
  }
  const printed = decode(ended.stdoutBytes);
  if (expect.kind === 'assertion') {
    return printed === null
      ? failed('standard output is not UTF-8.')
      : checkAssertion(context, expect.expression, printed, ended.exitCode, signal);
  }
  if (ended.exitCode !== expect.exitCode) {
    return failed(`exited with code ${ended.exitCode}, not ${expect.exitCode}.`);
  }
  if (expect.stdout === null) return passed;
  const difference = printed === null ? 'is not UTF-8' : compareOutput(expect.stdout, printed);
  return difference === null ? passed : failed(`standard output ${difference}.`);
}

async function checkAssertion(
  { checks, checkBounds }: CaseContext,
  expression: string,
  stdout: string,
  exitCode: number,
  signal: AbortSignal,
): Promise<Finding> {
  const body = Buffer.from(JSON.stringify({ stdout, exit_code: exitCode }));
  const test: ProgramAssertion = { type: 'program_assertion', expression };
  const end = await checks.run({ test }, body, checkBounds, signal);
  if (end.kind === 'result') return end.result as CheckResult;
  return { outcome: end.reason, message: 'the assertion could not be checked within its limits.' };
}

const passed: Finding = { outcome: 'passed', message: 'passed.' };

function failed(message: string): Finding {
  return { outcome: 'failed', message };
}

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
