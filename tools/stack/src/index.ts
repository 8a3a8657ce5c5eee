export type { Exit } from './launch-process.ts';
export type { LogEntry } from './log-book.ts';
export type { DatabaseRole } from './prepare-database.ts';
export { formatLogLine } from './pretty-log.ts';
export { pemOf, readSeeded } from './seeded.ts';
export {
  defaultPorts,
  type InstanceName,
  type Ports,
  type ServiceName,
  serviceNames,
} from './services.ts';
export type { Stack, StackOptions } from './stack-options.ts';
export { startStack } from './start-stack.ts';
export type { PartEvent } from './supervise.ts';
