import { RegistryError } from '@agent-registry/schemas';

/** How a signature's hash is told from a nonce, which has no colon. */
export const SIGNATURE_NAME = 'sig:';

export function unauthenticated(detail: string): RegistryError {
  return new RegistryError('unauthenticated', detail);
}

/** The same words for an agent there is not. @param expected the text that should have been signed; it holds no secret. */
export function invalidSignature(expected: Uint8Array): RegistryError {
  const detail =
    'The signature is not this agent’s for this request: expected_message is what it must cover.';
  return new RegistryError('invalid_signature', detail, {
    members: { expected_message: Buffer.from(expected).toString('utf8') },
  });
}

/** @param name what was spent before: a nonce, or the name of a signature. */
export function nonceReplayed(name: string): RegistryError {
  return name.startsWith(SIGNATURE_NAME)
    ? new RegistryError(
        'nonce_replayed',
        'This signature was used before: sign again with a newer X-Timestamp.',
        { retryAfterSeconds: 1 },
      )
    : new RegistryError('nonce_replayed', 'The nonce was used before: make a new one for each request.');
}
