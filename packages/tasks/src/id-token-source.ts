import type { IdTokenConfig } from '@agent-registry/config';
import type { Clock } from '@agent-registry/schemas';
import { GoogleAuth } from 'google-auth-library';
import { decodeJwt } from 'jose';

/** An identity token for the service at `audience`. Rejects when none can be had. */
export type IdTokenSource = (audience: string) => Promise<string>;

const refreshBeforeMs = 5 * 60_000;
const fetchTimeoutMs = 5_000;
const maxTokenChars = 8_192;
const maxAudiences = 16;

const fetchFromEmulator =
  (tokenUrl: string, email: string): IdTokenSource =>
  async (audience) => {
    const url = new URL(tokenUrl);
    url.searchParams.set('audience', audience);
    url.searchParams.set('email', email);
    const signal = AbortSignal.timeout(fetchTimeoutMs);
    const response = await fetch(url, { method: 'POST', signal, redirect: 'error' });
    const text = (await response.text()).trim();
    if (!response.ok) throw new Error(`the token issuer answered ${response.status}`);
    return text;
  };

const fetchFromMetadata = (): IdTokenSource => {
  const auth = new GoogleAuth();
  return async (audience) => {
    const client = await auth.getIdTokenClient(audience);
    return client.idTokenProvider.fetchIdToken(audience);
  };
};

const withinTimeout = async <T>(work: Promise<T>): Promise<T> => {
  const expiry = Promise.withResolvers<never>();
  const timer = setTimeout(() => expiry.reject(new Error('no identity token in time')), fetchTimeoutMs);
  try {
    return await Promise.race([work, expiry.promise]);
  } finally {
    clearTimeout(timer);
  }
};

interface CachedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

const readExpiry = (token: string): CachedToken => {
  if (token.length > maxTokenChars) throw new Error('the identity token is too long');
  const { exp } = decodeJwt(token);
  if (exp === undefined) throw new Error('the identity token has no expiry');
  return { token, expiresAtMs: exp * 1_000 };
};

/**
 * Identity tokens, kept until five minutes before they expire. When a new one cannot be had, the old one serves
 * until it expires. Concurrent calls for one audience share a fetch of at most 5 s.
 */
export const createIdTokenSource = (config: IdTokenConfig & { readonly clock: Clock }): IdTokenSource => {
  const { clock } = config;
  const fetchToken =
    config.kind === 'emulator' ? fetchFromEmulator(config.tokenUrl, config.email) : fetchFromMetadata();
  const cached = new Map<string, CachedToken>();
  const pending = new Map<string, Promise<CachedToken>>();
  const refresh = async (audience: string): Promise<CachedToken> => {
    try {
      const fresh = readExpiry(await withinTimeout(fetchToken(audience)));
      if (cached.size >= maxAudiences) cached.clear();
      cached.set(audience, fresh);
      return fresh;
    } finally {
      pending.delete(audience);
    }
  };
  const refreshOnce = (audience: string): Promise<CachedToken> => {
    const running = pending.get(audience) ?? refresh(audience);
    pending.set(audience, running);
    return running;
  };
  return async (audience) => {
    const known = cached.get(audience);
    const leftMs = known === undefined ? 0 : known.expiresAtMs - clock.now().getTime();
    if (known !== undefined && leftMs > refreshBeforeMs) return known.token;
    try {
      return (await refreshOnce(audience)).token;
    } catch (error) {
      if (known !== undefined && leftMs > 0) return known.token;
      throw error;
    }
  };
};
