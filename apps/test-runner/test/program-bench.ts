import type { TestResult } from '@agent-registry/schemas';
import { criteriaHash } from '@agent-registry/signing';
import { sandboxOptions } from '../src/limits.ts';
import { createSandboxBackend } from '../src/sandbox/index.ts';
import { facts, type Runner, startRunner, testLimits } from './start-runner.ts';

/** A runner with its sandboxes, and a client that tests delivered programs. */
export interface ProgramBench {
  readonly runner: Runner;
  /** Runs one program test on a deliverable; the visible cases are those of `params`, or those given. */
  resultOf(
    params: Record<string, unknown>,
    deliverable: unknown,
    hidden?: readonly unknown[],
  ): Promise<TestResult>;
  close(): Promise<void>;
}

const salt = 'a salt that nobody can guess';

export async function startProgramBench(
  limits: Partial<Record<keyof typeof testLimits, number>> = {},
  cores = 1,
): Promise<ProgramBench> {
  const verification = { ...testLimits, ...limits };
  const sandbox = await createSandboxBackend(sandboxOptions(verification, true));
  const runner = await startRunner({ sandbox, verification, cores });
  return {
    runner,
    async resultOf(given, deliverable, hidden) {
      const sent = { salt, cases: hidden };
      const promise = { hidden: { count: hidden?.length, commitment: criteriaHash(sent) } };
      const params = { source: '$.program', ...given, ...(hidden === undefined ? {} : promise) };
      const response = await runner.post({
        run_id: 'run',
        criteria: { tests: [{ test_id: 'program', type: 'program', params }] },
        ...(hidden === undefined ? {} : { hidden_cases: { program: sent } }),
        deliverable,
        facts,
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`status ${response.status}: ${text}`);
      return (JSON.parse(text) as { results: [TestResult] }).results[0];
    },
    close: () => runner.close(),
  };
}
