export * from './test-run.ts';
export * from './criteria.ts';
