import {
  type AgentRow,
  findSigner,
  findSignerWithHoldings,
  insertNonces,
  keyInForce,
  type NoncesToSpend,
} from '@agent-registry/db';
import type { Op } from '@agent-registry/operations';
import { RegistryError } from '@agent-registry/schemas';
import { sha256Hex, verifyRequest } from '@agent-registry/signing';
import type { AgentCaller, Caller, KeyCaller } from '../api-request.ts';
import type { ApiContext } from '../context.ts';
import { type Credentials, invalidSignature, nonceReplayed, SIGNATURE_NAME } from './credentials.ts';
import type { BucketState, RedisBucket } from './rate-limiter.ts';

/** How long a nonce outlives the last moment at which its timestamp is taken. */
const NONCE_SLACK_MS = 2_000;
/** Dummy key for unknown agents, so that timing reveals nothing: RFC 8032's first test key. */
const DUMMY_KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

/** What is asked together with who signed. */
export interface SignerReads {
  /** The bucket that the agent's request is counted in, asked in the nonce's round trip; null when it is no agent's. */
  readonly bucketOf: (agentId: string) => RedisBucket | null;
  readonly withHoldings: boolean;
}

/** Who signed a request. */
export interface Verified {
  readonly caller: AgentCaller | KeyCaller;
  /** Where the agent's bucket stands, when a token was taken together with the nonce; null when it is still to be asked. */
  readonly bucket: BucketState | null;
}

/**
 * Verifies a request: the key, the signature, and only then the nonce, which nobody but the agent can spend that way.
 *
 * @throws RegistryError invalid_signature, also for an agent there is not; nonce_replayed; unavailable.
 */
export function verifySignature(
  context: ApiContext,
  credentials: Credentials,
  body: Uint8Array,
  { bucketOf, withHoldings }: SignerReads,
): Promise<Verified> {
  const { signer } = credentials;
  return signer.kind === 'agent'
    ? verifyAgent(context, credentials, body, {
        agentId: signer.agentId,
        bucket: bucketOf(signer.agentId),
        withHoldings,
      })
    : verifyKey(context, signer.publicKey, credentials, body);
}

async function verifyAgent(
  context: ApiContext,
  credentials: Credentials,
  body: Uint8Array,
  { agentId, bucket, withHoldings }: { agentId: string; bucket: RedisBucket | null; withHoldings: boolean },
): Promise<Verified> {
  const now = context.clock.now();
  const { nonces } = credentials;
  const signer = withHoldings
    ? await findSignerWithHoldings(context.db, agentId, nonces, now)
    : await findSigner(context.db, agentId, nonces, now);
  const publicKey = signer === undefined ? DUMMY_KEY : keyInForce(signer.agent, now);
  assertSigned(context, publicKey, credentials, body);
  if (signer === undefined) throw invalidSignature(credentials.messages(body)[0]);
  const spent = await spendNonces(context, agentId, credentials, signer.spent, bucket);
  const { agent, holdings } = signer;
  return {
    caller: { kind: 'agent', agentId, publicKey, agent, holdings, unclaimed: spent.unclaimed },
    bucket: spent.bucket,
  };
}

async function verifyKey(
  context: ApiContext,
  publicKey: string,
  credentials: Credentials,
  body: Uint8Array,
): Promise<Verified> {
  assertSigned(context, publicKey, credentials, body);
  const { unclaimed } = await spendNonces(context, nonceOwnerOf(publicKey), credentials, [], null);
  return { caller: { kind: 'key', publicKey, unclaimed }, bucket: null };
}

/** The UUID (version 8) under which the nonces of a key without an agent are kept. */
function nonceOwnerOf(publicKey: string): string {
  const hex = sha256Hex(`nonces of ${publicKey}`);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

/** @throws RegistryError agent_suspended, agent_deactivated. */
export function assertActive(agent: AgentRow): void {
  if (agent.status === 'suspended') {
    const reason = agent.suspension_reason === null ? '.' : `: ${agent.suspension_reason}`;
    throw new RegistryError('agent_suspended', `An operator suspended this agent${reason}`);
  }
  if (agent.status === 'deactivated') {
    throw new RegistryError('agent_deactivated', 'This agent was deactivated.');
  }
}

/**
 * Tries the texts that may have been signed until one verifies. A signature that verifies for none costs the same for every agent,
 * also for one there is not.
 */
function assertSigned(
  context: ApiContext,
  publicKey: string,
  { signature, messages }: Credentials,
  body: Uint8Array,
): void {
  const texts = messages(body);
  const parsed = context.parsedKeys(publicKey);
  if (texts.some((message) => verifyRequest({ publicKey: parsed, signature, message }))) return;
  throw invalidSignature(texts[0]);
}

/** Spends what a request may use once. `unclaimed` is what the transaction of a change has to add to the table. */
async function spendNonces(
  context: ApiContext,
  ownerId: string,
  { nonces, signedAt }: Credentials,
  inTable: readonly string[],
  bucket: RedisBucket | null,
): Promise<{ unclaimed: NoncesToSpend | null; bucket: BucketState | null }> {
  if (nonces.length === 0) return { unclaimed: null, bucket: null };
  const { signatureMaxAgeMs, nonceTtlMs } = context.config;
  const expiresMs = Math.max(
    signedAt.getTime() + signatureMaxAgeMs + NONCE_SLACK_MS,
    context.clock.now().getTime() + nonceTtlMs,
  );
  const spending = { ownerId, nonces, expiresAt: new Date(expiresMs) };
  const refused = inTable.find((name) => refuses(context, name));
  if (refused !== undefined) throw nonceReplayed(refused);
  const spent = await context.nonces.spend(spending, bucket);
  const before = spent.before.find((name) => refuses(context, name));
  if (before !== undefined) throw nonceReplayed(before);
  const claimed = nonces.filter((name) => !inTable.includes(name) && !spent.before.includes(name));
  return { unclaimed: spent.inTable ? null : { ...spending, nonces: claimed }, bucket: spent.bucket };
}

/** A nonce that was spent refuses its request; an equal signature does so unless it is only to be counted. */
function refuses(context: ApiContext, name: string): boolean {
  if (!name.startsWith(SIGNATURE_NAME)) return true;
  const isRefused = context.config.refuseEqualRequests;
  context.telemetry.counter('agentsig.equal_requests').add(1, { refused: isRefused });
  return isRefused;
}

/**
 * Adds a request's nonces to the table in the transaction of what it changes, unless they are there: so a signed request changes
 * something once at most.
 *
 * @throws RegistryError nonce_replayed when another transaction was first.
 */
export async function claimNonces(op: Op, caller: Caller): Promise<void> {
  if (caller === null || caller.kind === 'operator' || caller.unclaimed === null) return;
  const [before] = await insertNonces(op.trx, caller.unclaimed, op.now);
  if (before !== undefined) throw nonceReplayed(before);
}
