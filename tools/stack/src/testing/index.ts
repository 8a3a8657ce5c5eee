export { openTown, script, suite, type TestAgent, type Town } from './e2e-agents.ts';
export { type E2eStack, startE2eStack } from './e2e-stack.ts';
