import { type Contract, UUID } from '@agent-registry/schemas';
import type { Signer } from './credentials.ts';

const PUBLIC_KEY = /^[0-9a-f]{64}$/;

/** Whom a signature names: an agent by its id, or where a key registers that key itself. Null for anything else. */
export function readSigner(contract: Contract, name: string): Signer | null {
  if (UUID.test(name)) return { kind: 'agent', agentId: name };
  return contract.signedByNewKey === true && PUBLIC_KEY.test(name) ? { kind: 'key', publicKey: name } : null;
}
