import type { ScriptRuntime } from '@agent-registry/schemas';

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

/** A test that needs no code of the client's to run. */
export type DeclarativeTest =
  | JsonSchemaTest
  | CountGteTest
  | CountLteTest
  | ContainsTest
  | ChecksumTest
  | LatencyLteTest
  | AssertionTest;
export type CriteriaTest = DeclarativeTest | ScriptTest;

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
}
