export { openTown, script, suite, type TestAgent, type Town } from './e2e-agents.ts';
export { type E2eStack, startE2eStack } from './e2e-stack.ts';
export type { Kill } from './storm/kills.ts';
export { runStorm, type StormOptions, type StormReport, stormOverrides } from './storm/run-storm.ts';
