import type { IncomingMessage } from 'node:http';
import { SIGNATURE_TAG } from '@agent-registry/signing';

/** Accept-Signature (RFC 9421, section 5.1): the signature that this very request needs. */
export function acceptedSignature({ headers }: IncomingMessage): string {
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  const components = [
    '@method',
    '@target-uri',
    ...(hasBody ? ['content-digest'] : []),
    ...(headers['idempotency-key'] === undefined ? [] : ['idempotency-key']),
  ];
  const covered = components.map((name) => `"${name}"`).join(' ');
  return `sig1=(${covered});created;alg="ed25519";tag="${SIGNATURE_TAG}"`;
}
