import type { Contract } from '@agent-registry/schemas';
import type { Signer } from './credentials.ts';

const AGENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PUBLIC_KEY = /^[0-9a-f]{64}$/;

/** Whom a signature names: an agent by its id, or where a key registers that key itself. Null for anything else. */
export function readSigner(contract: Contract, name: string): Signer | null {
  if (AGENT_ID.test(name)) return { kind: 'agent', agentId: name };
  return contract.signedByNewKey === true && PUBLIC_KEY.test(name) ? { kind: 'key', publicKey: name } : null;
}
