import type { Contract } from '@agent-registry/schemas';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';
import type { Credentials } from './credentials.ts';
import { readAgentSig } from './read-agent-sig.ts';

/**
 * The cheap checks, before the body is read or anything is looked up.
 *
 * @returns null when the request is not signed.
 * @throws RegistryError unauthenticated, stale_timestamp.
 */
export function readCredentials(context: ApiContext, contract: Contract, req: Request): Credentials | null {
  return readAgentSig(context, contract, req);
}
