export { type AgentClient, type AgentClientOptions, createAgentClient } from './agent-client.ts';
export type { AgentEvent, EventOptions } from './agent-events.ts';
export type * from './api.generated.ts';
export type { CallInput, CallOptions, Connection } from './connection.ts';
export type { ListId, ListInput, ListItem } from './iterate-pages.ts';
export { criteriaHash, generateKeyPair, type KeyPair, readPrivateKey } from './keys.ts';
export {
  agentFromEnvironment,
  type OpenedAgent,
  openAgent,
  readAgent,
  type StoredAgent,
  writeAgent,
} from './open-agent.ts';
export { createOperatorClient, type OperatorClient, type OperatorClientOptions } from './operator-client.ts';
export { type Profile, type Registered, register } from './register.ts';
export { RegistryProblem, RegistryUnreachable } from './registry-problem.ts';
export { proveRotation } from './rotate-key.ts';
export {
  ReceiptError,
  type ReceiptLeaf,
  type TrustedLog,
  trustKeys,
  type VerifiedItem,
  verifyReceipt,
} from './verify-receipt.ts';
export {
  type HeaderSource,
  type ReceivedWebhook,
  type VerifiedWebhook,
  verifyWebhook,
  type WebhookOf,
  type WebhookRefusal,
} from './verify-webhook.ts';
export { JobEnded, type WaitOptions } from './wait-for-job.ts';
export {
  createWebhookReceiver,
  type EventHandlers,
  type WebhookReceiver,
  type WebhookReceiverOptions,
} from './webhook-receiver.ts';
