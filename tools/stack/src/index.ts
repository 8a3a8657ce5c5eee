export type { Exit } from './launch-process.ts';
export { formatLogLine } from './pretty-log.ts';
export { pemOf, readSeeded } from './seeded.ts';
export type {
  Ports,
  ServiceName,
} from './services.ts';
export type { Stack, StackOptions } from './stack-options.ts';
export { startStack } from './start-stack.ts';
