import {
  type AgentRow,
  type AttemptRow,
  type DeliveryRow,
  findAgent,
  findAttempt,
  findDelivery,
} from '@agent-registry/db';
import {
  type Behaviour,
  type HostileReceiver,
  type HostileReceiverOptions,
  startHostileReceiver,
} from '@agent-registry/outbound/testing';
import type { TaskSpec } from '@agent-registry/schemas';
import { verifyWebhook } from '@agent-registry/signing';
import { afterEach } from '@jest/globals';
import type { Registry } from './start-registry.ts';

/** An event on its way to an agent whose endpoint is a stranger's server. */
export interface Parcel {
  readonly agentId: string;
  readonly secret: string;
  readonly deliveryId: string;
  /** The task of its first attempt. */
  readonly spec: TaskSpec;
}

/** What tests of deliveries share. */
export interface WebhookBench {
  receiver(options?: HostileReceiverOptions): Promise<HostileReceiver>;
  /** Registers an agent at `url` and records an event for it. */
  parcel(url: string): Promise<Parcel>;
  /** Does so for an agent at a receiver of its own, which behaves as named. */
  parcelTo(behaviour: Behaviour): Promise<{ stranger: HostileReceiver; parcel: Parcel }>;
  delivery(parcel: Parcel): Promise<DeliveryRow>;
  /** Whether the first request that came there verifies with this secret. */
  isSigned(stranger: HostileReceiver, secret: string): boolean;
  attempt(parcel: Parcel, attempt?: number, cycle?: number): Promise<AttemptRow | undefined>;
  agent(parcel: Pick<Parcel, 'agentId'>): Promise<AgentRow>;
  /** The task made for an attempt, the last one if there were several. */
  taskOf(parcel: Parcel, attempt: number, cycle?: number): TaskSpec | undefined;
}

/** The receivers it opens are closed after each test. */
export function createWebhookBench(registry: () => Registry): WebhookBench {
  const undo: (() => Promise<void>)[] = [];
  const db = () => registry().database.db;
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
  });
  const receiver: WebhookBench['receiver'] = async (options = {}) => {
    const started = await startHostileReceiver({ dripMs: 20, ...options });
    undo.push(() => started.close());
    return started;
  };
  const parcel: WebhookBench['parcel'] = async (url) => {
    const { agentId, secret } = await registry().newAgent(url);
    const [spec] = await registry().event(agentId);
    if (spec === undefined) throw new Error('the agent cannot be reached');
    return { agentId, secret, spec, deliveryId: String(spec.body.delivery_id) };
  };
  return {
    receiver,
    parcel,
    parcelTo: async (behaviour) => {
      const stranger = await receiver();
      return { stranger, parcel: await parcel(stranger.url(behaviour)) };
    },
    isSigned: ({ requests: [request] }, secret) => {
      if (request === undefined) return false;
      const nowSeconds = registry().clock.now().getTime() / 1_000;
      return verifyWebhook({ ...request, secrets: [secret], nowSeconds }).valid;
    },
    delivery: async ({ deliveryId }) => present(await findDelivery(db(), deliveryId)),
    attempt: ({ deliveryId }, attempt = 1, cycle = 1) => findAttempt(db(), { deliveryId, cycle, attempt }),
    agent: async ({ agentId }) => present(await findAgent(db(), agentId)),
    taskOf: ({ deliveryId }, attempt, cycle = 1) =>
      registry().tasks.created.findLast(
        ({ body }) => body.delivery_id === deliveryId && body.attempt === attempt && body.cycle === cycle,
      ),
  };
}

function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('the row is gone');
  return found;
}

/** Resolves once `isSo` holds; a test's own time limit ends it otherwise. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
