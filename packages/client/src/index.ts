export { criteriaHash, generateKeyPair, type KeyPair } from '@agent-registry/signing';
export { type AgentClient, createAgentClient } from './agent-client.ts';
export type { CallInput, CallOptions, CallResult, Connection } from './call-types.ts';
export { type Profile, type Registered, register } from './register.ts';
export { RegistryProblem, RegistryUnreachable } from './registry-problem.ts';
export { proveRotation } from './rotate-key.ts';
export {
  type ReceivedWebhook,
  type VerifiedWebhook,
  verifyWebhook,
  type WebhookOf,
} from './verify-webhook.ts';
