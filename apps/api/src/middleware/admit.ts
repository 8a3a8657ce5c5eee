import { type Contract, RegistryError, statusOf } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import type { Request, Response } from 'express';
import type { AgentCaller, Caller } from '../api-request.ts';
import type { ApiContext } from '../context.ts';
import { clientAddress } from './client-address.ts';
import type { Credentials } from './credentials.ts';
import { verifyOperatorKey } from './operator-key.ts';
import { limitRate, setUncountedHeaders } from './rate-limit.ts';
import { readRawBody } from './raw-body.ts';
import { readCredentials } from './read-credentials.ts';
import { touchLastSeen } from './touch-last-seen.ts';
import { assertActive, verifySignature } from './verify-signature.ts';

export interface Admitted {
  readonly caller: Caller;
  /** The body's bytes; empty when there is none. */
  readonly body: Buffer;
}

/**
 * Decides who is calling and whether they may call so often. A caller who shows no credentials, or wrong ones, is counted by
 * address; an agent by its id, and only once its signature verified, so that nobody can drain another's bucket.
 *
 * @throws RegistryError for every way to be turned away.
 */
export async function admit(
  context: ApiContext,
  contract: Contract,
  req: Request,
  res: Response,
): Promise<Admitted> {
  if (contract.access === 'operator') return admitOperator(context, contract, req, res);
  const credentials = await countingFailures(context, contract, req, res, async () =>
    readCredentials(context, contract, req),
  );
  if (credentials === null) return admitAnybody(context, contract, req, res);
  return admitSigned(context, contract, { req, res, credentials });
}

async function admitAnybody(
  context: ApiContext,
  contract: Contract,
  req: Request,
  res: Response,
): Promise<Admitted> {
  await limitRate(context, res, contract.rate ?? 'read', addressOf(context, req));
  if (contract.access !== 'open') {
    throw new RegistryError('unauthenticated', 'This request must be signed: Authorization is missing.');
  }
  return { caller: null, body: await readRawBody(req) };
}

async function admitSigned(
  context: ApiContext,
  contract: Contract,
  { req, res, credentials }: { req: Request; res: Response; credentials: Credentials },
): Promise<Admitted> {
  const { caller, body } = await countingFailures(context, contract, req, res, async () => {
    const bytes = await readRawBody(req);
    return { body: bytes, caller: await verifySignature(context, credentials, bytes) };
  });
  if (caller.kind === 'key') {
    // A key is free to make, so nothing is counted by it.
    await limitRate(context, res, contract.rate ?? 'read', addressOf(context, req));
    return { caller, body };
  }
  annotate({ agent_id: caller.agentId });
  // Agents are free to make: what makes more of them is counted by address, also when an agent signed it.
  const who = contract.rate === 'registration' ? addressOf(context, req) : `agent:${caller.agentId}`;
  await limitRate(context, res, contract.rate ?? 'read', who);
  assertActive(caller.agent);
  assertOwner(contract, req, caller);
  touchLastSeen(context, caller.agent);
  return { caller, body };
}

async function admitOperator(
  context: ApiContext,
  contract: Contract,
  req: Request,
  res: Response,
): Promise<Admitted> {
  let caller: Caller;
  try {
    caller = verifyOperatorKey(context, req);
  } catch (error) {
    await limitRate(context, res, contract.rate ?? 'read', addressOf(context, req));
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
async function countingFailures<T>(
  context: ApiContext,
  contract: Contract,
  req: Request,
  res: Response,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RegistryError && statusOf(error.code) < 500) {
      await limitRate(context, res, contract.rate ?? 'read', addressOf(context, req));
    }
    throw error;
  }
}

export function addressOf(context: ApiContext, req: Request): string {
  return `ip:${clientAddress(req, context.config.trustedProxyHops)}`;
}
