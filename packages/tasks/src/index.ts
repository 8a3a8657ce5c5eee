export { createEnqueuer } from './enqueue-tasks.ts';
export { createIdTokenSource, type IdTokenSource } from './id-token-source.ts';
export { type Caller, createOidcVerifier, type OidcConfig, type OidcVerifier } from './oidc-verifier.ts';
export {
  createTasksClient,
  type TasksClient,
  type TasksClientConfig,
} from './tasks-client.ts';
