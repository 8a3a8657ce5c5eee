import { insertNonces } from '@agent-registry/db';
import type { Op } from '@agent-registry/operations';
import type { Caller } from '../api-request.ts';
import { nonceReplayed } from './refuse-signature.ts';

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
