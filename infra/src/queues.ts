import type { TaskQueue } from '@agent-registry/schemas';

// The three Cloud Tasks queues: the emulator, the manifests and the operator's checklist all read this table.

/** Limits of one queue, in Cloud Tasks' own terms. `maxAttempts: -1` means without limit, as in the product's API. */
export interface QueueSettings {
  readonly maxDispatchesPerSecond: number;
  readonly maxConcurrentDispatches: number;
  readonly maxAttempts: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
  readonly maxDoublings: number;
}

export type QueueProfile = 'local' | 'staging' | 'production';
const webhookDelivery = (maxDispatchesPerSecond: number, maxConcurrentDispatches: number): QueueSettings => ({
  maxDispatchesPerSecond,
  maxConcurrentDispatches,
  maxAttempts: 5,
  minBackoffSeconds: 1,
  maxBackoffSeconds: 1800,
  maxDoublings: 16,
});

const verification = (runnerSlots: number): QueueSettings => ({
  maxDispatchesPerSecond: 50,
  maxConcurrentDispatches: runnerSlots,
  maxAttempts: -1,
  minBackoffSeconds: 1,
  maxBackoffSeconds: 300,
  maxDoublings: 16,
});

const jobDeadline: QueueSettings = {
  maxDispatchesPerSecond: 50,
  maxConcurrentDispatches: 50,
  maxAttempts: -1,
  minBackoffSeconds: 1,
  maxBackoffSeconds: 600,
  maxDoublings: 16,
};

export const QUEUES: Readonly<Record<QueueProfile, Readonly<Record<TaskQueue, QueueSettings>>>> = {
  local: {
    'webhook-delivery': webhookDelivery(500, 100),
    verification: verification(4),
    'job-deadline': jobDeadline,
  },
  staging: {
    'webhook-delivery': webhookDelivery(10, 20),
    verification: verification(4),
    'job-deadline': jobDeadline,
  },
  production: {
    'webhook-delivery': webhookDelivery(500, 800),
    verification: verification(20),
    'job-deadline': jobDeadline,
  },
};
