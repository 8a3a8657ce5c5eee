export { openTown, script, suite, type TestAgent, type Town } from './agents.ts';
export { driveJob, type Parties } from './drive-job.ts';
export { type OnRequest, openEndpoint } from './endpoint.ts';
export { type E2eStack, startE2eStack } from './stack.ts';
