import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegistryError } from '@agent-registry/schemas';
import { createIds, createLogger, noTelemetry, systemClock, wideEvent } from '@agent-registry/service-kit';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createOidcVerifier } from './oidc-verifier.ts';

const now = new Date('2026-03-01T12:00:00Z');
const nowSeconds = now.getTime() / 1_000;
const audience = 'https://dispatcher.example';
const email = 'tasks@example.iam.gserviceaccount.com';
const good = {
  iss: 'https://issuer.example',
  aud: audience,
  sub: '107',
  email,
  email_verified: true,
  iat: nowSeconds - 60,
  exp: nowSeconds + 3_540,
};

let privateKey: CryptoKey;
let strangersKey: CryptoKey;
let publicPem: string;
let keysServed = 0;
let jwks = '';
const issuer = createServer((_req, res) => {
  keysServed += 1;
  res.setHeader('Content-Type', 'application/json').end(jwks);
});

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  publicPem = await exportSPKI(pair.publicKey);
  strangersKey = (await generateKeyPair('RS256')).privateKey;
  jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }],
  });
  await new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  issuer.closeAllConnections();
  issuer.close();
});

const verifier = (change: Partial<Parameters<typeof createOidcVerifier>[0]> = {}) =>
  createOidcVerifier({
    issuer: good.iss,
    jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`,
    audience,
    allowedEmails: ['other@example.com', email],
    signature: 'verify',
    clock: { now: () => now },
    ...change,
  });

const sign = (payload: JWTPayload, key = privateKey, kid = 'k1') =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const platformToken = (payload: unknown, signature = 'SIGNATURE_REMOVED_BY_GOOGLE', alg = 'RS256') =>
  `${encode({ alg, kid: 'k1' })}.${encode(payload)}.${signature}`;

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
    throw error;
  }
  return 'accepted';
};

const wrongClaims: [string, Record<string, unknown>][] = [
  ['another audience', { aud: 'https://api.example' }],
  ["the audience with a task's path", { aud: `${audience}/internal/sweep` }],
  ['several audiences', { aud: [audience, 'https://api.example'] }],
  ['another issuer', { iss: 'https://evil.example' }],
  ['another e-mail', { email: 'stranger@example.com' }],
  ['an e-mail that only begins like one', { email: `${email}.evil.example` }],
  ['an e-mail that is not verified', { email_verified: false }],
  ['no e-mail', { email: undefined }],
  ['no expiry', { exp: undefined }],
  ['an expiry in the past', { exp: nowSeconds - 11 }],
  ['an issue time ahead', { iat: nowSeconds + 11 }],
  ['no subject', { sub: undefined }],
];

describe('with the signature verified here', () => {
  test('a good token names the caller', async () => {
    expect(await verifier().verify(`Bearer ${await sign(good)}`)).toEqual({ email, subject: '107' });
  });

  test.each(wrongClaims)('a token with %s is refused', async (_name, change) => {
    expect(await codeOf(verifier().verify(`Bearer ${await sign({ ...good, ...change })}`))).toBe(
      'unauthenticated',
    );
  });

  test.each([
    ['that is missing', undefined],
    ['that is empty', ''],
    ['without a token', 'Bearer '],
    ['of another scheme', 'Basic dTpw'],
    ['with half a token', 'Bearer a.b'],
    ['with an endless token', `Bearer ${'a'.repeat(9_000)}`],
  ])('a header %s is refused', async (_name, header) => {
    expect(await codeOf(verifier().verify(header))).toBe('unauthenticated');
  });

  test('a signature by another key is refused, whatever key id it claims', async () => {
    for (const kid of ['k1', 'k2']) {
      expect(await codeOf(verifier().verify(`Bearer ${await sign(good, strangersKey, kid)}`))).toBe(
        'unauthenticated',
      );
    }
  });

  test('a changed payload is refused', async () => {
    const [header, , signature] = (await sign(good)).split('.');
    const forged = `${header}.${encode({ ...good, sub: '1' })}.${signature}`;
    expect(await codeOf(verifier().verify(`Bearer ${forged}`))).toBe('unauthenticated');
  });

  test('alg none is refused, with and without a signature', async () => {
    for (const signature of ['', 'c2ln']) {
      expect(await codeOf(verifier().verify(`Bearer ${platformToken(good, signature, 'none')}`))).toBe(
        'unauthenticated',
      );
    }
  });

  test('HS256 with the public key as its secret is refused', async () => {
    const unsigned = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(good)}`;
    const signature = createHmac('sha256', publicPem).update(unsigned).digest('base64url');
    expect(await codeOf(verifier().verify(`Bearer ${unsigned}.${signature}`))).toBe('unauthenticated');
  });

  test("no signature is none, and neither is the platform's literal", async () => {
    for (const signature of ['', undefined])
      expect(await codeOf(verifier().verify(`Bearer ${platformToken(good, signature)}`))).toBe(
        'unauthenticated',
      );
  });

  test('the keys are fetched once, and unknown key ids do not fetch them again at once', async () => {
    const before = keysServed;
    const { verify } = verifier();
    const token = `Bearer ${await sign(good)}`;
    await Promise.all([verify(token), verify(token)]);
    await codeOf(verify(`Bearer ${await sign(good, strangersKey, 'unknown')}`));
    expect(keysServed - before).toBe(1);
  });

  test('a token that has verified is refused once it has expired, and once its key has gone', async () => {
    const served = jwks;
    const time = jest.spyOn(Date, 'now').mockReturnValue(now.getTime());
    try {
      const { verify } = verifier({ clock: { now: () => new Date(Date.now()) } });
      const [brief, lasting] = [await sign({ ...good, exp: nowSeconds + 5 }), await sign(good)];
      for (const token of [brief, lasting]) await verify(`Bearer ${token}`);
      time.mockReturnValue(now.getTime() + 16_000);
      expect(await codeOf(verify(`Bearer ${brief}`))).toBe('unauthenticated');
      expect(await codeOf(verify(`Bearer ${lasting}`))).toBe('accepted');
      jwks = served.replace('"k1"', '"k2"');
      time.mockReturnValue(now.getTime() + 11 * 60_000);
      await expect(verify(`Bearer ${lasting}`)).rejects.toThrow('The issuer has no key with the id');
    } finally {
      jwks = served;
      time.mockRestore();
    }
  });

  test('what else bears the claims of a token that has verified, or its signature, is refused', async () => {
    const { verify } = verifier();
    const token = await sign(good);
    await verify(`Bearer ${token}`);
    const [header, payload, signature] = token.split('.');
    const [, , other] = (await sign(good, strangersKey)).split('.');
    for (const forged of [
      `${header}.${payload}.${other}`,
      `${header}.${encode({ ...good, sub: '1' })}.${signature}`,
      `${encode({ alg: 'RS256', kid: 'k2' })}.${payload}.${signature}`,
      `${token}A`,
    ])
      expect(await codeOf(verify(`Bearer ${forged}`))).toBe('unauthenticated');
  });

  test('a key of the issuer that does not fit the token is named as the reason of the refusal', async () => {
    const fitting = jwks;
    try {
      for (const [kid, served, reason] of [
        ['k1', fitting.replace('RS256', 'RSA256'), /not one for RS256 signatures: .*"alg":"RSA256"/],
        ['k1', fitting.replace('"sig"', '"enc"'), /not one for RS256 signatures: .*"use":"enc"/],
        ['k2', fitting, /no key with the id/],
      ] as const) {
        jwks = served;
        const refused = verifier().verify(`Bearer ${await sign(good, privateKey, kid)}`);
        await expect(refused).rejects.toMatchObject({
          code: 'unauthenticated',
          message: expect.stringMatching(reason),
        });
      }
    } finally {
      jwks = fitting;
    }
  });

  test('the log line of a request tells why its token was refused', async () => {
    const written: string[] = [];
    const log = createLogger({
      service: 'test',
      level: 'info',
      destination: { write: (line) => written.push(line) },
    });
    const scope = wideEvent({ log, ids: createIds(systemClock), telemetry: noTelemetry });
    const { verify } = verifier();
    const server = createServer((req, res) => {
      const request = Object.assign(req, { originalUrl: req.url }) as unknown as Parameters<typeof scope>[0];
      void scope(request, res as Parameters<typeof scope>[1], () => {
        void verify(req.headers.authorization).catch(() => res.writeHead(401).end());
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await new Promise((resolve) => void server.close(resolve));
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      { status: 401, token_refused: 'An identity token is required' },
    ]);
  });

  test("keys that cannot be had are our failure, not the caller's", async () => {
    const { verify } = verifier({ jwksUrl: 'http://127.0.0.1:1/keys' });
    expect(await codeOf(verify(`Bearer ${await sign(good)}`))).toBe('internal');
  });
});

describe('with the signature checked by the platform', () => {
  const platform = () => verifier({ signature: 'checked-by-platform', jwksUrl: 'http://127.0.0.1:1/keys' });

  test('a good token with the literal names the caller, and no keys are fetched', async () => {
    expect(await platform().verify(`Bearer ${platformToken(good)}`)).toEqual({ email, subject: '107' });
  });

  test.each(wrongClaims)('a token with %s is refused', async (_name, change) => {
    expect(await codeOf(platform().verify(`Bearer ${platformToken({ ...good, ...change })}`))).toBe(
      'unauthenticated',
    );
  });

  test('anything but the literal is refused, a real signature too', async () => {
    const tokens = [
      await sign(good),
      platformToken(good, ''),
      platformToken(good, 'signature_removed_by_google'),
      `${platformToken(good)}.SIGNATURE_REMOVED_BY_GOOGLE`,
      platformToken(good, undefined, 'none'),
      platformToken(good, undefined, 'HS256'),
      'x.y.SIGNATURE_REMOVED_BY_GOOGLE',
    ];
    for (const token of tokens)
      expect(await codeOf(platform().verify(`Bearer ${token}`))).toBe('unauthenticated');
  });
});
