import { type Clock, RegistryError } from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { z } from 'zod';

export interface OidcConfig {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** The called service's own address, never a path of it. */
  readonly audience: string;
  readonly allowedEmails: readonly string[];
  /** `checked-by-platform`: Cloud Run has verified the signature and put a literal in its place. */
  readonly signature: 'verify' | 'checked-by-platform';
}

/** Who calls: a service account. */
export interface Caller {
  readonly email: string;
  readonly subject: string;
}

export interface OidcVerifier {
  /**
   * Checks an `Authorization` header. Throws `RegistryError`: `unauthenticated` when there is no acceptable token,
   * `internal` when the issuer's keys cannot be had, which says nothing of the caller.
   */
  readonly verify: (authorization: string | undefined) => Promise<Caller>;
}

const algorithm = 'RS256';
const platformSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';
const maxTokenChars = 8_192;
const toleranceSeconds = 10;
const keysMaxAgeMs = 10 * 60_000;
const keysCooldownMs = 30_000; // a stranger's unknown key ids cause one fetch in this time
const keysTimeoutMs = 5_000;
/** A token is sent with many tasks, and its signature costs more than all else that receives one: once verified it is taken as verified for so long. */
const verifiedMs = 60_000;
const maxAccepted = 100;

const claims = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: z.string().min(1),
  email: z.string(),
  email_verified: z.literal(true),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
});

/** Refuses, and says why in the log line too: Cloud Tasks throws the body of a 401 away. */
const refuse = (detail: string, cause?: unknown): never => {
  annotate({ token_refused: detail });
  throw new RegistryError('unauthenticated', detail, cause === undefined ? {} : { cause });
};

const readToken = (authorization: string | undefined): string => {
  if (authorization === undefined) return refuse('An identity token is required');
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(authorization) ?? [];
  if (token === undefined || token.length > maxTokenChars) return refuse('The identity token is malformed');
  return token;
};

/** The claims of a token whose signature the platform has verified and replaced. */
const readPlatformToken = (token: string): JWTPayload => {
  const parts = token.split('.');
  if (parts.length !== 3 || parts[2] !== platformSignature) return refuse('The signature was not checked');
  try {
    if (decodeProtectedHeader(token).alg !== algorithm) return refuse('The algorithm is not accepted');
    return decodeJwt(token);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    return refuse('The identity token is malformed', error);
  }
};

const maxShownChars = 40;

/** Why none of the issuer's keys fits a token, in the issuer's words and never the token's. */
const whyNoKey = (kid: string | undefined, keys: readonly JWK[]): string => {
  const key = keys.find((one) => one.kid === kid);
  if (key === undefined) return 'The issuer has no key with the id that the identity token names';
  const shown = JSON.stringify({ kty: key.kty, alg: key.alg, use: key.use }).slice(0, maxShownChars);
  return `The issuer's key is not one for ${algorithm} signatures: ${shown}`;
};

const createSignatureCheck = (config: OidcConfig, clock: Clock): ((token: string) => Promise<JWTPayload>) => {
  const remote = createRemoteJWKSet(new URL(config.jwksUrl), {
    cacheMaxAge: keysMaxAgeMs,
    cooldownDuration: keysCooldownMs,
    timeoutDuration: keysTimeoutMs,
  });
  const findKey: typeof remote = Object.assign(
    (...args: Parameters<typeof remote>) =>
      remote(...args).catch((error: unknown) => {
        if (error instanceof errors.JWKSNoMatchingKey) throw error;
        throw new RegistryError('internal', "The token issuer's keys cannot be had", { cause: error });
      }),
    remote,
  );
  return async (token) => {
    try {
      const options = { algorithms: [algorithm], clockTolerance: toleranceSeconds, currentDate: clock.now() };
      return (await jwtVerify(token, findKey, options)).payload;
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      if (error instanceof errors.JWKSNoMatchingKey)
        return refuse(whyNoKey(decodeProtectedHeader(token).kid, remote.jwks()?.keys ?? []), error);
      return refuse('The identity token does not verify', error);
    }
  };
};

const checkClaims = (payload: JWTPayload, config: OidcConfig, clock: Clock): Caller => {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return refuse('The identity token lacks a claim');
  const { iss, aud, sub, email, exp, iat, nbf = iat } = parsed.data;
  const nowSeconds = clock.now().getTime() / 1_000;
  if (iss !== config.issuer) return refuse('The issuer is not accepted');
  if (aud !== config.audience) return refuse('The token is for another audience');
  if (exp <= nowSeconds - toleranceSeconds) return refuse('The token has expired');
  if (Math.max(iat, nbf) > nowSeconds + toleranceSeconds) return refuse('The token is not valid yet');
  if (!config.allowedEmails.includes(email)) return refuse('The caller is not accepted');
  return { email, subject: sub };
};

/** Checks the identity tokens of those who call a private service. */
export const createOidcVerifier = (config: OidcConfig & { readonly clock: Clock }): OidcVerifier => {
  const { clock } = config;
  const readVerified =
    config.signature === 'verify'
      ? createSignatureCheck(config, clock)
      : async (token: string) => readPlatformToken(token);
  const accepted = new Map<string, { payload: JWTPayload; until: number }>();
  return {
    verify: async (authorization) => {
      const token = readToken(authorization);
      const nowMs = clock.now().getTime();
      const known = accepted.get(token);
      if (known !== undefined && nowMs < known.until) return checkClaims(known.payload, config, clock);
      const payload = await readVerified(token);
      const caller = checkClaims(payload, config, clock);
      if (accepted.size >= maxAccepted) accepted.clear();
      accepted.set(token, { payload, until: nowMs + verifiedMs });
      return caller;
    },
  };
};
