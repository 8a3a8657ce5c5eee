import type { ScriptRuntime } from '@agent-registry/schemas';
import type { SingularPath } from './singular-path.ts';

interface Test<Type extends string> {
  readonly testId: string;
  readonly type: Type;
}
export interface JsonSchemaTest extends Test<'json_schema'> {
  readonly schema: Readonly<Record<string, unknown>> | boolean;
}
export interface CountGteTest extends Test<'count_gte'> {
  readonly path: string;
  readonly minCount: number;
}
export interface CountLteTest extends Test<'count_lte'> {
  readonly path: string;
  readonly maxCount: number;
}
export interface ContainsTest extends Test<'contains'> {
  readonly pattern: string;
  readonly isRegex: boolean;
}
export interface ChecksumTest extends Test<'checksum'> {
  /** 64 lower-case hex digits. */
  readonly expectedHash: string;
}
export interface LatencyLteTest extends Test<'latency_lte'> {
  readonly maxSeconds: number;
}
export interface AssertionTest extends Test<'assertion'> {
  readonly expression: string;
}
export interface ScriptTest extends Test<'script'> {
  /** Base64 of at most 1 MiB. */
  readonly script: string;
  readonly runtime: ScriptRuntime;
  /** As asked for; null means the runner's default. The runner clamps both. */
  readonly timeoutSeconds: number | null;
  readonly memoryLimitMb: number | null;
}

export type ProgramRuntime = Exclude<ScriptRuntime, 'javascript'>;

/** Delivered code, judged by what it prints for the input of each case. */
export interface ProgramTest extends Test<'program'> {
  /** Where in the deliverable the program is: a text, or an object of file names and `entry`. */
  readonly source: SingularPath;
  readonly runtime: ProgramRuntime;
  readonly cases: readonly ProgramCase[];
  /** Cases that the seller does not see; empty without any. */
  readonly hiddenCases: readonly ProgramCase[];
  /** Each for one case. As asked for; null means the runner's default. The runner clamps both. */
  readonly timeoutSeconds: number | null;
  readonly memoryLimitMb: number | null;
}
export interface ProgramCase {
  readonly stdin: string;
  readonly args: readonly string[];
  readonly expect: ProgramExpectation;
}
export type ProgramExpectation =
  | { readonly kind: 'output'; readonly exitCode: number; readonly stdout: ExpectedOutput | null }
  /** CEL over `stdout`, `json` (null where stdout is not JSON) and `exit_code`. */
  | { readonly kind: 'assertion'; readonly expression: string };
export interface ExpectedOutput {
  readonly text: string;
  readonly compare: OutputComparison;
  /** For `numbers`: how far two numbers a (printed) and e (expected) may lie apart, as a share of max(1, |e|). */
  readonly tolerance: number;
}
export const outputComparisons = ['exact', 'trimmed', 'tokens', 'numbers'] as const;
export type OutputComparison = (typeof outputComparisons)[number];

/** A test that needs no code of the client's to run. */
export type DeclarativeTest =
  | JsonSchemaTest
  | CountGteTest
  | CountLteTest
  | ContainsTest
  | ChecksumTest
  | LatencyLteTest
  | AssertionTest;
export type CriteriaTest = DeclarativeTest | ScriptTest | ProgramTest;

/** Criteria made ready to run. What is stored and hashed is the value as it was received, never this. */
export interface Criteria {
  readonly tests: readonly CriteriaTest[];
  /** How many tests must pass for the verdict `pass`; at least 1. */
  readonly minPass: number;
}

/** One thing wrong with criteria. `path` is dotted, such as `tests.0.params.pattern`; empty for the whole. */
export interface CriteriaError {
  readonly path: string;
  readonly message: string;
  /** The path is one into the hidden cases, which travel beside the criteria. */
  readonly ofHiddenCases?: true;
}
