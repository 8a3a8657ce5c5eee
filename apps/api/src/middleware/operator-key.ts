import { RegistryError } from '@agent-registry/schemas';
import { sha256Hex, timingSafeEqualText } from '@agent-registry/signing';
import type { Request } from 'express';
import type { OperatorCaller } from '../api-request.ts';
import type { ApiContext } from '../context.ts';

const KEY_CHARS_MAX = 512;

/**
 * The operator whose key the request carries. Every known key is compared, each in constant time. Without a valid one the
 * operators' routes do not exist.
 *
 * @throws RegistryError not_found.
 */
export function verifyOperatorKey(context: ApiContext, req: Request): OperatorCaller {
  const sent = req.headers['x-operator-key'];
  const hash = sha256Hex(typeof sent === 'string' ? sent.slice(0, KEY_CHARS_MAX) : '');
  const matching = context.config.operatorKeyHashes.filter((known) => timingSafeEqualText(known.hash, hash));
  const [operator] = matching;
  if (operator === undefined || typeof sent !== 'string' || sent === '') {
    throw new RegistryError('not_found', 'There is nothing here.');
  }
  return { kind: 'operator', name: operator.name };
}
