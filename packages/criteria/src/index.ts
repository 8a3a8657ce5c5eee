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
export { defaultRuntime, resolveRuntime } from './runtimes.ts';
