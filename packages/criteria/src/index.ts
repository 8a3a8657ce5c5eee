export { criteriaBounds, jsonWithinBounds } from './bounds.ts';
export { type CriteriaCheck, checkCriteria } from './check-criteria.ts';
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
  JsonSchemaTest,
  LatencyLteTest,
  ScriptTest,
} from './criteria.ts';
export { type CompiledSchema, compileSchema, type Validation, validate } from './json-schema/index.ts';
export { defaultRuntime, resolveRuntime } from './runtimes.ts';
