import {
  type AgentRow,
  findKeyHolder,
  insertAccounts,
  insertAgent,
  lockAgentAndKey,
  lockPublicKey,
} from '@agent-registry/db';
import type { LeafFields } from '@agent-registry/log';
import { fieldRefusal, type HostingMode, RegistryError } from '@agent-registry/schemas';
import { createWebhookSecret, isAcceptablePublicKey } from '@agent-registry/signing';
import { requestCard, unseenCard } from '../cards/request-card.ts';
import { recordLeaf } from '../log/record-leaf.ts';
import { type Op, refuseDuplicate } from '../op.ts';
import { secretContext } from '../webhooks/webhook-secrets.ts';
import { displaceAgent } from './deactivate-agent.ts';

export interface Registration {
  readonly publicKey: string;
  /** Whether the key signed this registration. */
  readonly isProven: boolean;
  readonly displayName: string;
  readonly description: string | null;
  /** Already vetted as a public https address. */
  readonly endpointUrl: string | null;
  /** The same; its card is fetched. */
  readonly agentCardUrl?: string | null;
  readonly hostingMode: HostingMode | null;
  readonly capabilities: readonly string[];
}

/**
 * Registers an agent, opens its account and gives it a webhook secret, which is shown here alone. Anybody can name a key, so the
 * agent that has it gives way if it never proved to hold it and this registration does.
 *
 * @throws RegistryError public_key_taken, validation_failed; money_held when the agent that would give way owns some.
 */
export async function registerAgent(
  op: Op,
  registration: Registration,
): Promise<{ agent: AgentRow; webhookSecret: string }> {
  assertKey(registration.publicKey, 'public_key');
  if (registration.isProven) await claimKey(op, registration.publicKey, null);
  else await assertKeyFree(op, registration.publicKey, null);
  const hostingMode =
    registration.hostingMode ?? (registration.endpointUrl === null ? 'client_only' : 'external');
  if (registration.endpointUrl !== null && hostingMode !== 'external') {
    throw fieldRefusal('endpoint_url', `is only for hosting_mode external, not ${hostingMode}`);
  }
  if (registration.endpointUrl === null && hostingMode === 'external') {
    throw fieldRefusal('endpoint_url', 'is required for hosting_mode external');
  }
  const agentId = op.ids.next();
  const webhookSecret = createWebhookSecret();
  const agent = await refuseTakenKey(
    insertAgent(op.trx, {
      agent_id: agentId,
      public_key: registration.publicKey,
      display_name: registration.displayName,
      description: registration.description,
      endpoint_url: registration.endpointUrl,
      ...unseenCard(registration.agentCardUrl ?? null),
      hosting_mode: hostingMode,
      capabilities: [...registration.capabilities],
      status: 'active',
      proven_at: registration.isProven ? op.now : null,
      reputation_as_of: op.now,
      webhook_secret: op.sealer.seal(webhookSecret, secretContext(agentId)),
      created_at: op.now,
      updated_at: op.now,
    }),
  );
  await insertAccounts(op.trx, [{ account_id: op.ids.next(), kind: 'agent', owner_id: agentId }]);
  if (agent.agent_card_url !== null) await requestCard(op, agentId, true);
  if (registration.isProven)
    logKey(op, { agentId, key: agent.public_key, previous: null, reason: 'registered' });
  return { agent, webhookSecret };
}

/** Makes public that an agent proved to hold a key. */
export function logKey(
  op: Op,
  { agentId, ...key }: { agentId: string } & Omit<LeafFields['key'], 'agent'>,
  backfilledAt?: Date,
): void {
  recordLeaf(op, 'key', {
    about: agentId,
    fields: { agent: agentId, ...key },
    ...(backfilledAt && { backfilledAt }),
  });
}

/** Refuses a key that could not sign safely: off the curve, of small order, or not canonical. */
export function assertKey(publicKey: string, path: string): void {
  if (!isAcceptablePublicKey(publicKey))
    throw fieldRefusal(path, 'must be a canonical Ed25519 public key, not of small order');
}

/**
 * Refuses a key that an agent has, other than the one it is for. A key that is on its way to replace a lost one is taken as
 * well; no constraint covers both, so the key itself is locked.
 */
export async function assertKeyFree(op: Op, publicKey: string, forAgentId: string | null): Promise<void> {
  await lockPublicKey(op.trx, publicKey);
  if ((await findKeyHolder(op.trx, publicKey, forAgentId)) !== undefined) throw takenKey();
}

/**
 * Takes a key for an agent that has just proved to hold it. Anybody can name a key, so whoever registered it without proof
 * gives way.
 *
 * @throws RegistryError public_key_taken by an agent that proved to hold it, or for which an operator announced it; money_held.
 */
export async function claimKey(op: Op, publicKey: string, forAgentId: string | null): Promise<void> {
  await lockPublicKey(op.trx, publicKey);
  const found = await findKeyHolder(op.trx, publicKey, forAgentId);
  if (found === undefined) return;
  // Only who might give way is locked: proof is never taken back, and two who claim each other's key must not wait in a circle.
  const holder = found.proven_at === null ? await lockAgentAndKey(op.trx, found.agent_id) : found;
  if (holder?.proven_at !== null || holder.status !== 'active' || holder.public_key !== publicKey) {
    throw takenKey();
  }
  await displaceAgent(op, holder);
}

export function refuseTakenKey<T>(work: Promise<T>): Promise<T> {
  return refuseDuplicate(
    refuseDuplicate(work, 'agents_public_key_key', takenKey),
    'agents_pending_public_key_key',
    takenKey,
  );
}

function takenKey(): RegistryError {
  return new RegistryError('public_key_taken', 'An agent is registered with this public key.');
}
