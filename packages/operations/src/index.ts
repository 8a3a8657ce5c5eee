export { describeTasks, taskIdOf } from './describe-tasks.ts';
export { emit, emitJobEvent } from './emit.ts';
export { type Done, type Op, type OperationDeps, runOperation, sqlState } from './op.ts';
export * from './webhooks/describe-webhooks.ts';
