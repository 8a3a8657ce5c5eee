import { createPrivateKey } from 'node:crypto';
import { generateKeyPair as generate, criteriaHash as hashOf, publicKeyOf } from '@agent-registry/signing';

/** An Ed25519 key pair in hex. */
export interface KeyPair {
  /** 64 hex digits. */
  readonly publicKey: string;
  /** 64 hex digits: the seed (RFC 8032). Whoever has it is the agent. */
  readonly privateKey: string;
}

const SEED = /^[0-9a-f]{64}$/i;
const SEED_BYTES = 32;

/** Makes a fresh key pair. */
export function generateKeyPair(): KeyPair {
  return generate();
}

/**
 * The key pair of a private key: 64 hex digits, or PEM (PKCS #8), as OpenSSL and the console write it.
 *
 * @throws TypeError for anything else.
 */
export function readPrivateKey(text: string): KeyPair {
  const privateKey = SEED.test(text.trim()) ? text.trim().toLowerCase() : seedOfPem(text);
  return { publicKey: publicKeyOf(privateKey), privateKey };
}

function seedOfPem(text: string): string {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519')
      return key.export({ format: 'der', type: 'pkcs8' }).subarray(-SEED_BYTES).toString('hex');
  } catch {
    // Told below, without a word of what was read: it may be a secret.
  }
  throw new TypeError('a private key is 64 hex digits, or Ed25519 in PEM (PKCS #8)');
}

/** The hash that a seller accepts acceptance criteria by: SHA-256 of their RFC 8785 form, in hex. */
export function criteriaHash(criteria: unknown): string {
  return hashOf(criteria);
}
