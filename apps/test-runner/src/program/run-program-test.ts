import type { ProgramCase, TestOf } from '@agent-registry/criteria';
import { storableText } from '@agent-registry/schemas';
import type { Usage } from '../backend.ts';
import { noProcess, type TestEnd } from '../test-run.ts';
import { readProgram } from './read-program.ts';
import { type CaseContext, type CaseEnd, runCase } from './run-case.ts';

const messageChars = 500;

/** What the program's cases are run with, apart from the program. `remainingMs` is what the suite has left. */
export interface ProgramContext extends Omit<CaseContext, 'runtime' | 'files' | 'entry'> {
  remainingMs(): number;
}

/**
 * Tests a delivered program from outside: each case is a process of its own in a sandbox that holds the program and the
 * case's input, and what it printed is compared here. The first case that does not pass ends the test.
 *
 * Of hidden cases the result tells one thing, whether all passed, and only after all visible ones did: the program sees
 * their input, so anything else it could move, such as an exit code or a count, would carry that input to its author.
 */
export async function runProgramTest(
  context: ProgramContext,
  test: TestOf<'program'>,
  deliverable: unknown,
  signal: AbortSignal,
): Promise<TestEnd> {
  const program = readProgram(test.source, test.runtime, deliverable);
  const usages: Usage[] = [];
  const end = (result: Omit<TestEnd, 'usage'>): TestEnd => ({ ...result, usage: sumUsage(usages) });
  if ('wrong' in program) return end({ outcome: 'failed', message: program.wrong, ...noProcess });
  const run = async (given: ProgramCase): Promise<CaseEnd | null> => {
    const remainingMs = context.remainingMs();
    if (remainingMs <= 0) return null;
    const wallMs = Math.min(context.limits.wallMs, remainingMs);
    const limits = { ...context.limits, wallMs };
    const ended = await runCase({ ...context, runtime: test.runtime, ...program, limits }, given, signal);
    usages.push(ended.usage);
    const clipped = ended.outcome === 'timeout' && wallMs < context.limits.wallMs;
    return clipped ? null : ended;
  };
  const { cases, hiddenCases } = test;
  for (const [index, given] of cases.entries()) {
    const ended = await run(given);
    if (ended === null) return end({ outcome: 'suite_timeout', message: outOfTime(index), ...noProcess });
    const { outcome, message, exitCode, stdout, stderr } = ended;
    if (outcome !== 'passed') {
      const told = storableText(`Case ${index + 1} of ${cases.length}: ${message}`, messageChars);
      return end({ outcome, message: told, exit_code: exitCode, stdout, stderr });
    }
  }
  for (const given of hiddenCases) {
    if ((await run(given))?.outcome !== 'passed') {
      const message = `All ${cases.length} visible cases passed; of the hidden ones at least one did not.`;
      return end({ outcome: 'failed', message, ...noProcess });
    }
  }
  const message = `All ${cases.length + hiddenCases.length} cases passed.`;
  return end({ outcome: 'passed', message, ...noProcess });
}

function outOfTime(index: number): string {
  return `The suite was out of time at case ${index + 1}.`;
}

function sumUsage(usages: readonly Usage[]): Usage {
  return {
    durationMs: usages.reduce((sum, { durationMs }) => sum + durationMs, 0),
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    peakMemoryBytes: Math.max(0, ...usages.map(({ peakMemoryBytes }) => peakMemoryBytes)),
  };
}
