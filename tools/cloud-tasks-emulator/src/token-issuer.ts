// Identity tokens as Google signs them for a service account, with a key of the emulator's own.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { EmulatorClock } from './clock.ts';

/** The account in whose name tokens are minted when nobody says otherwise. */
export const EMULATOR_SERVICE_ACCOUNT = 'tasks@emulator.iam.gserviceaccount.com';
const TOKEN_LIFETIME_SECONDS = 3600;
/** A token is cached for this long: signing is the most expensive part of an attempt. */
const REUSE_SECONDS = 30;
const MAX_REUSED_TOKENS = 1000;
const KEY_FILE = 'token-key.json';
const ALGORITHM = 'RS256';

export interface TokenIssuer {
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A signed identity token for one hour. */
  mint(issuer: string, claims: { audience: string; email: string }): Promise<string>;
}

const loadOrCreateKey = async (dataDir: string | null): Promise<JWK> => {
  const path = dataDir === null ? null : join(dataDir, KEY_FILE);
  try {
    if (path !== null) return JSON.parse(readFileSync(path, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`${path} is not a key; remove it to get a new one`);
  }
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  if (path !== null && dataDir !== null) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(jwk), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  return jwk;
};

/** A service account's unique id is 21 digits; here it follows from the address, so it stays the same. */
const subjectOf = (email: string): string => {
  const digest = createHash('sha256').update(email).digest('hex').slice(0, 16);
  return `1${BigInt(`0x${digest}`).toString().padStart(20, '0').slice(-20)}`;
};

export const createTokenIssuer = async (
  clock: EmulatorClock,
  dataDir: string | null,
): Promise<TokenIssuer> => {
  const jwk = await loadOrCreateKey(dataDir);
  const key = await importJWK(jwk, ALGORITHM);
  const publicJwk: JWK = { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' };
  const kid = await calculateJwkThumbprint(publicJwk);
  const reusable = new Map<string, { token: Promise<string>; mintedAt: number }>();
  const sign = (issuer: string, audience: string, email: string, now: number) =>
    new SignJWT({ email, email_verified: true, azp: subjectOf(email) })
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subjectOf(email))
      .setIssuedAt(now)
      .setExpirationTime(now + TOKEN_LIFETIME_SECONDS)
      .sign(key);
  return {
    jwks: { keys: [{ ...publicJwk, kid, alg: ALGORITHM, use: 'sig' }] },
    mint: (issuer, { audience, email }) => {
      const now = Math.floor(clock.now().getTime() / 1000);
      const name = JSON.stringify([issuer, audience, email]);
      const recent = reusable.get(name);
      if (recent !== undefined && now >= recent.mintedAt && now < recent.mintedAt + REUSE_SECONDS)
        return recent.token;
      if (reusable.size >= MAX_REUSED_TOKENS) reusable.clear();
      const token = sign(issuer, audience, email, now);
      reusable.set(name, { token, mintedAt: now });
      return token;
    },
  };
};
