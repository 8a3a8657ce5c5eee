export { criteriaBounds, jsonWithinBounds } from './bounds.ts';
export { CelError, evaluateCel } from './cel/index.ts';
export type { Cheat } from './cheats/cheat.ts';
export { listCheats } from './cheats/list-cheats.ts';
export { type CheckOptions, type CriteriaCheck, checkCriteria } from './check-criteria.ts';
export type {
  AssertionTest,
  ChecksumTest,
  ContainsTest,
  CountGteTest,
  CountLteTest,
  Criteria,
  CriteriaError,
  CriteriaTest,
  DeclarativeTest,
  ExpectedOutput,
  JsonSchemaTest,
  LatencyLteTest,
  OutputComparison,
  ProgramCase,
  ProgramExpectation,
  ProgramRuntime,
  ProgramTest,
  ScriptTest,
} from './criteria.ts';
export { countNodes } from './json-path/index.ts';
export { type CompiledSchema, compileSchema, type Validation, validate } from './json-schema/index.ts';
export { programBounds } from './program-cases.ts';
export { compileRegex, type Regex } from './regex/compile-regex.ts';
export { defaultRuntime, resolveRuntime } from './runtimes.ts';
export { type SingularPath, selectNode } from './singular-path.ts';
export {
  type CriteriaChecker,
  type CriteriaCheckerOptions,
  createCriteriaChecker,
} from './threads/criteria-checker.ts';
export { countWork, TooExpensive, type Work } from './work.ts';
