import type { Contract } from '@agent-registry/schemas';
import type { Request } from 'express';
import type { ApiContext } from '../context.ts';
import type { Credentials } from './credentials.ts';
import { readAgentSig } from './read-agent-sig.ts';
import { readHttpSignature } from './read-http-signature.ts';

/**
 * The cheap checks, before the body is read or anything is looked up. Where a request is signed by both schemes, RFC 9421's decides
 * alone: what fails by it is not tried by the other.
 *
 * @returns null when the request is not signed.
 * @throws RegistryError unauthenticated, stale_timestamp.
 */
export function readCredentials(context: ApiContext, contract: Contract, req: Request): Credentials | null {
  return readHttpSignature(context, contract, req) ?? readAgentSig(context, contract, req);
}
