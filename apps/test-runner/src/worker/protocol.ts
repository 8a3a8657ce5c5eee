import type { CriteriaTest } from '@agent-registry/criteria';
import type { ScriptOutcome } from '../backend.ts';

/** What a worker is started for. Each kind has a process, and a pool of them, of its own. */
export const workerKinds = ['checks', 'javascript'] as const;
export type WorkerKind = (typeof workerKinds)[number];

/** The assertion of one case of a program test; the frame's body is JSON of `stdout` and `exit_code`. */
export interface ProgramAssertion {
  readonly type: 'program_assertion';
  readonly expression: string;
}

/** A job for a `checks` worker; the frame's body is the deliverable's JSON, or a program's end. */
export interface CheckJob {
  readonly test: CriteriaTest | ProgramAssertion;
}

/** How a declarative check ended. The message says nothing that differs from run to run. */
export interface CheckResult {
  readonly outcome: 'passed' | 'failed';
  readonly message: string;
}

/** A job for a `javascript` worker; the frame's body is the script followed by the deliverable's JSON. */
export interface JavascriptJob {
  readonly scriptBytes: number;
  /** Turns of loops and calls inside the engine. */
  readonly steps: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  readonly keptOutputBytes: number;
}

export interface JavascriptResult {
  readonly outcome: ScriptOutcome['outcome'];
  readonly exitCode: number | null;
  readonly message: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly peakMemoryBytes: number;
}

/**
 * What a worker says: that it has loaded; that it begins a job, before it looks into it; a result with the processor
 * time it took; or that it is broken.
 */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begun' }
  | { readonly kind: 'result'; readonly result: unknown; readonly cpuMs: number; readonly rssBytes: number }
  | { readonly kind: 'broken'; readonly message: string };
