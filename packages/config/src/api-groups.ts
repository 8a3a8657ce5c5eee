import { z } from 'zod';
import { duration, flag, integer, list, origin, secondMs, url } from './variables.ts';

const maxOperators = 50;
const operatorEntry = /^(?:([A-Za-z0-9._-]{1,64}):)?([0-9a-f]{64})$/;
const shownHashDigits = 8;

/** An operator's key as it is stored: the hex SHA-256 of the key, and the name that the audit shows. */
export interface OperatorKeyHash {
  name: string;
  hash: string;
}

const readOperator = (entry: string): OperatorKeyHash => {
  const [, name, hash = ''] = operatorEntry.exec(entry) ?? [];
  return { name: name ?? `key-${hash.slice(0, shownHashDigits)}`, hash };
};

export const operatorKeyHashes = z
  .object({
    OPERATOR_API_KEYS: list(maxOperators)
      .refine(
        (entries) => entries.every((entry) => operatorEntry.test(entry)),
        'must be SHA-256 hashes (64 lower-case hex digits), each optionally as name:hash',
      )
      .transform((entries) => entries.map(readOperator))
      .default([]),
  })
  .transform((env) => env.OPERATOR_API_KEYS);

/** How many proxies in front of the service may be believed about the caller's address. */
export const trustedProxyHops = z
  .object({ TRUSTED_PROXY_HOPS: integer(0, 10).default(0) })
  .transform((env) => env.TRUSTED_PROXY_HOPS);

const maxSignatureOrigins = 4;

/** The origins under which clients know the API, for signatures that name what they are sent to; PUBLIC_BASE_URL when absent. */
export const signatureOrigins = z
  .object({
    SIGNATURE_ORIGINS: list(maxSignatureOrigins)
      .pipe(z.array(origin()).min(1, 'must hold at least one value'))
      .optional(),
  })
  .transform((env) => env.SIGNATURE_ORIGINS ?? []);

export const publicBaseUrl = z.object({ PUBLIC_BASE_URL: origin() }).transform((env) => env.PUBLIC_BASE_URL);

export const redisUrl = z
  .object({ REDIS_URL: url('redis:', 'rediss:').optional() })
  .transform((env) => env.REDIS_URL ?? null);

export const devDepositEnabled = z
  .object({ DEV_DEPOSIT_ENABLED: flag().default(false) })
  .transform((env) => env.DEV_DEPOSIT_ENABLED);

const requestSignatureVariables = z.object({
  SIGNATURE_MAX_AGE_SECONDS: duration(secondMs, 3_600).default(30 * secondMs),
  NONCE_TTL_SECONDS: duration(secondMs, 86_400).default(60 * secondMs),
  AGENTSIG_EQUAL_REQUESTS: z
    .enum(['refuse', 'allow'], { error: 'must be refuse or allow' })
    .default('refuse'),
});

// A timestamp may lie as far ahead as behind, so a signature lives twice its age: a nonce forgotten sooner could be replayed.
export const requestSignatures = requestSignatureVariables.transform((env, context) => {
  const maxAgeMs = env.SIGNATURE_MAX_AGE_SECONDS;
  const nonceTtlMs = env.NONCE_TTL_SECONDS;
  if (nonceTtlMs < 2 * maxAgeMs) {
    const message = 'must be at least twice SIGNATURE_MAX_AGE_SECONDS';
    context.addIssue({ code: 'custom', path: ['NONCE_TTL_SECONDS'], message });
  }
  return { maxAgeMs, nonceTtlMs, refuseEqualRequests: env.AGENTSIG_EQUAL_REQUESTS === 'refuse' };
});
