export { criteriaBounds, jsonWithinBounds } from './bounds.ts';
export { CelError, evaluateCel } from './cel/index.ts';
export type { Cheat } from './cheats/cheat.ts';
export { listCheats } from './cheats/list-cheats.ts';
export { type CheckOptions, type Criteria, type CriteriaCheck, checkCriteria } from './check-criteria.ts';
export type { CodeTest, CriteriaTest, TestOf } from './checks.ts';
export { countNodes } from './json-path/index.ts';
export { type CompiledSchema, compileSchema, type Validation, validate } from './json-schema/index.ts';
export type { CriteriaError } from './problems.ts';
export type { ProgramRuntime } from './program.ts';
export {
  type ExpectedOutput,
  type OutputComparison,
  type ProgramCase,
  type ProgramExpectation,
  programBounds,
} from './program-cases.ts';
export { compileRegex, type Regex } from './regex/compile-regex.ts';
export { type SingularPath, selectNode } from './singular-path.ts';
export {
  type CriteriaChecker,
  type CriteriaCheckerOptions,
  createCriteriaChecker,
} from './threads/criteria-checker.ts';
export { countWork, TooExpensive, type Work } from './work.ts';
