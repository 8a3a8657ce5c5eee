import { rotationMessage, signMessage } from '@agent-registry/signing';
import type { RotateKeyInput } from './api.generated.ts';
import type { KeyPair } from './keys.ts';

/** The input of `rotateKey`: the new key, and the proof that whoever asks holds its private half. */
export function proveRotation(agentId: string, keys: KeyPair): RotateKeyInput {
  const proof = signMessage(keys.privateKey, rotationMessage(agentId, keys.publicKey));
  return { new_public_key: keys.publicKey, proof };
}
