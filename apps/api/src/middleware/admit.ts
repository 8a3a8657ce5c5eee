import { type AgentRow, keyInForce, updateLastSeen } from '@agent-registry/db';
import { commit, proveKey } from '@agent-registry/operations';
import { type Contract, type RateCategory, RegistryError, statusOf } from '@agent-registry/schemas';
import { annotate, LimiterFull } from '@agent-registry/service-kit';
import { sha256Hex, timingSafeEqualText } from '@agent-registry/signing';
import type { Request, Response } from 'express';
import type { AgentCaller, Caller, OperatorCaller } from '../api-request.ts';
import type { ApiContext } from '../context.ts';
import { readRawBody } from './body.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { admitByBucket, clientAddress, limitRate, setUncountedHeaders } from './rate-limit.ts';
import { assertActive, verifySignature } from './verify-signature.ts';

export interface Admitted {
  readonly caller: Caller;
  /** The body's bytes; empty when there is none. */
  readonly body: Buffer;
}

/** A request on its way in. */
interface Asked {
  readonly context: ApiContext;
  readonly contract: Contract;
  readonly req: Request;
  readonly res: Response;
}

/**
 * Decides who is calling and whether they may call so often. A caller who shows no credentials, or wrong ones, is counted by
 * address; an agent by its id, and only once its signature verified, so that nobody can drain another's bucket.
 *
 * @throws RegistryError for every way to be turned away.
 */
export async function admit(
  context: ApiContext,
  { contract, withHoldings }: { readonly contract: Contract; readonly withHoldings: boolean },
  req: Request,
  res: Response,
): Promise<Admitted> {
  const asked: Asked = { context, contract, req, res };
  if (contract.access === 'operator') return admitOperator(asked);
  const credentials = await countingFailures(asked, async () => readCredentials(context, contract, req));
  return credentials === null ? admitAnybody(asked) : admitSigned(asked, credentials, withHoldings);
}

const categoryOf = ({ contract }: Asked): RateCategory => contract.rate ?? 'read';
const countAddress = (asked: Asked): Promise<void> =>
  limitRate(asked.context, asked.res, categoryOf(asked), addressOf(asked.context, asked.req));

async function admitAnybody(asked: Asked): Promise<Admitted> {
  await countAddress(asked);
  if (asked.contract.access !== 'open') {
    throw new RegistryError('unauthenticated', 'This request must be signed: Authorization is missing.');
  }
  return { caller: null, body: await readRawBody(asked.req) };
}

async function admitSigned(asked: Asked, credentials: Credentials, withHoldings: boolean): Promise<Admitted> {
  const { context, contract, req, res } = asked;
  const category = categoryOf(asked);
  // Agents are free to make: what makes more of them is counted by address, also when an agent signed it.
  const isCountedByAgent = category !== 'registration';
  const bucketOf = (agentId: string) =>
    isCountedByAgent ? context.limiter.bucketInRedis(category, byAgent(agentId)) : null;
  const { caller, bucket, body } = await countingFailures(asked, async () => {
    const bytes = await readRawBody(req);
    return {
      body: bytes,
      ...(await verifySignature(context, credentials, bytes, { bucketOf, withHoldings })),
    };
  });
  if (caller.kind === 'key') {
    // A key is free to make, so nothing is counted by it.
    await countAddress(asked);
    return { caller, body };
  }
  annotate({ agent_id: caller.agentId });
  if (bucket !== null) admitByBucket(context, res, bucket);
  else if (isCountedByAgent) await limitRate(context, res, category, byAgent(caller.agentId));
  else await countAddress(asked);
  assertActive(caller.agent);
  assertOwner(contract, req, caller);
  touchLastSeen(context, caller.agent);
  return { caller, body };
}

async function admitOperator(asked: Asked): Promise<Admitted> {
  const { context, req, res } = asked;
  let caller: Caller;
  try {
    caller = verifyOperatorKey(context, req);
  } catch (error) {
    await countAddress(asked);
    throw error;
  }
  setUncountedHeaders(context, res);
  return { caller, body: await readRawBody(req) };
}

function assertOwner(contract: Contract, req: Request, caller: AgentCaller): void {
  if (contract.access !== 'owner') return;
  if (String(req.params.agent_id).toLowerCase() !== caller.agentId) {
    throw new RegistryError('not_owner', 'This belongs to another agent.');
  }
}

/** A request that fails before its signature verified costs its address a token, whatever it failed by. */
async function countingFailures<T>(asked: Asked, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RegistryError && statusOf(error.code) < 500) await countAddress(asked);
    throw error;
  }
}

function byAgent(agentId: string): string {
  return `agent:${agentId}`;
}

export function addressOf(context: ApiContext, req: Request): string {
  return `ip:${clientAddress(req, context.config.trustedProxyHops)}`;
}

const KEY_CHARS_MAX = 512;

/**
 * The operator whose key the request carries. Every known key is compared, each in constant time. Without a valid one the
 * operators' routes do not exist.
 *
 * @throws RegistryError not_found.
 */
export function verifyOperatorKey(context: ApiContext, req: Request): OperatorCaller {
  const sent = req.headers['x-operator-key'];
  const hash = sha256Hex(typeof sent === 'string' ? sent.slice(0, KEY_CHARS_MAX) : '');
  const matching = context.config.operatorKeyHashes.filter((known) => timingSafeEqualText(known.hash, hash));
  const [operator] = matching;
  if (operator === undefined || typeof sent !== 'string' || sent === '') {
    throw new RegistryError('not_found', 'There is nothing here.');
  }
  return { kind: 'operator', name: operator.name };
}

const ONCE_A_MS = 60_000;

/** Notes that an agent was seen, at most once a minute and without anybody waiting; the first time proves that it holds its key. */
function touchLastSeen(context: ApiContext, agent: AgentRow): void {
  const now = context.clock.now();
  const isRecent = agent.last_seen !== null && now.getTime() - agent.last_seen.getTime() < ONCE_A_MS;
  if (isRecent && agent.proven_at !== null) return;
  const { agent_id: agentId } = agent;
  const publicKey = keyInForce(agent, now);
  const touch = (): Promise<unknown> =>
    agent.proven_at === null
      ? commit(context, (op) => proveKey(op, { agentId, publicKey }))
      : updateLastSeen(context.db, agentId, now);
  context.background.run(agent.agent_id, touch).catch((error: unknown) => {
    if (!(error instanceof LimiterFull)) context.log.warn({ error }, 'last_seen could not be touched');
  });
}
