import { type AgentRow, findSigner, keyInForce } from '@agent-registry/db';
import { parseTimestamp, RegistryError } from '@agent-registry/schemas';
import { requestMessage, verifyRequest } from '@agent-registry/signing';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';
import type { AgentCaller } from '../endpoint.ts';

const AUTHORIZATION =
  /^AgentSig +([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):([0-9a-f]{128})$/i;
const NONCE = /^[A-Za-z0-9_-]{16,128}$/;
/** How long a nonce outlives the last moment at which its timestamp is taken. */
const NONCE_SLACK_MS = 2_000;
/** The key that a request of nobody's is verified with, so that it takes as long as any other: RFC 8032's first test key. */
const NOBODYS_KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

/** What a signed request says of itself; well-formed and recent, and not yet believed. */
export interface Credentials {
  readonly agentId: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly signedAt: Date;
  readonly nonce: string | null;
}

/**
 * The cheap checks, before the body is read or anything is looked up.
 *
 * @returns null when the request carries no Authorization.
 * @throws RegistryError unauthenticated, stale_timestamp.
 */
export function readCredentials(context: ApiContext, req: Request): Credentials | null {
  const authorization = req.headers.authorization;
  if (authorization === undefined) return null;
  const match = AUTHORIZATION.exec(authorization);
  if (match === null) throw unauthenticated('Authorization must be AgentSig <agent_id>:<signature in hex>.');
  const timestamp = single(req, 'x-timestamp');
  const signedAt = timestamp === undefined ? null : parseTimestamp(timestamp);
  if (timestamp === undefined || signedAt === null) {
    throw unauthenticated('X-Timestamp must be an ISO 8601 time with a zone.');
  }
  const nonce = single(req, 'x-nonce') ?? null;
  const isReading = req.method === 'GET' || req.method === 'HEAD';
  if (nonce === null ? !isReading : !NONCE.test(nonce)) {
    throw unauthenticated('X-Nonce must be 16 to 128 of A–Z, a–z, 0–9, _ and -.');
  }
  const ageMs = Math.abs(context.clock.now().getTime() - signedAt.getTime());
  if (ageMs > context.config.signatureMaxAgeMs) {
    const seconds = context.config.signatureMaxAgeMs / 1_000;
    throw new RegistryError('stale_timestamp', `X-Timestamp must lie within ${seconds} s of our time.`);
  }
  return {
    agentId: match[1]!.toLowerCase(),
    signature: match[2]!.toLowerCase(),
    timestamp,
    signedAt,
    nonce,
  };
}

/**
 * Verifies a request: the key, the signature, and only then the nonce, which nobody but the agent can spend that way.
 *
 * @throws RegistryError invalid_signature, also for an agent there is not; nonce_replayed; unavailable.
 */
export async function verifySignature(
  context: ApiContext,
  req: Request,
  credentials: Credentials,
  body: Uint8Array,
): Promise<AgentCaller> {
  const { agentId, nonce } = credentials;
  const now = context.clock.now();
  const signer = await findSigner(context.db, agentId, nonce, now);
  const publicKey = signer === undefined ? NOBODYS_KEY : keyInForce(signer.agent, now);
  const isValid = signs(publicKey, req, credentials, body);
  if (signer === undefined || !isValid) {
    throw new RegistryError('invalid_signature', 'The signature is not this agent’s for this request.');
  }
  if (nonce !== null && (signer.nonceSpent || !(await spend(context, credentials, nonce)))) {
    throw new RegistryError('nonce_replayed', 'X-Nonce was used before: make a new one for each request.');
  }
  return { kind: 'agent', agentId, publicKey, agent: signer.agent };
}

/** @throws RegistryError agent_suspended, agent_deactivated. */
export function assertActive(agent: AgentRow): void {
  if (agent.status === 'suspended') {
    throw new RegistryError('agent_suspended', 'An operator suspended this agent.');
  }
  if (agent.status === 'deactivated') {
    throw new RegistryError('agent_deactivated', 'This agent was deactivated.');
  }
}

/** The signature may cover the path with or without `/v1`: both are tried, always, for the same cost. */
function signs(publicKey: string, req: Request, credentials: Credentials, body: Uint8Array): boolean {
  const path = req.originalUrl.split('?', 1)[0] ?? '';
  const paths = path.startsWith('/v1/') ? [path, path.slice('/v1'.length)] : [path];
  return paths
    .map((signed) =>
      verifyRequest({
        publicKey,
        signature: credentials.signature,
        message: requestMessage({ timestamp: credentials.timestamp, method: req.method, path: signed, body }),
      }),
    )
    .includes(true);
}

function spend(context: ApiContext, { agentId, signedAt }: Credentials, nonce: string): Promise<boolean> {
  const { signatureMaxAgeMs, nonceTtlMs } = context.config;
  const expiresMs = Math.max(
    signedAt.getTime() + signatureMaxAgeMs + NONCE_SLACK_MS,
    context.clock.now().getTime() + nonceTtlMs,
  );
  return context.nonces.spend({ agentId, nonce, expiresAt: new Date(expiresMs) });
}

function single(req: Request, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unauthenticated(detail: string): RegistryError {
  return new RegistryError('unauthenticated', detail);
}
