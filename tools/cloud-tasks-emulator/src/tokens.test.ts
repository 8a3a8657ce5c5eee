import { request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { Emulator } from './emulator.ts';
import { createDataDir, createTask, startTarget, startTestEmulator } from './testing/harness.ts';
import { EMULATOR_SERVICE_ACCOUNT } from './token-issuer.ts';

const EMAIL = 'tasks@project.iam.gserviceaccount.com';

const verify = (emulator: Emulator, token: string, audience: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(emulator.jwksUrl)), {
    issuer: emulator.issuer,
    audience,
    algorithms: ['RS256'],
  });

const bearer = (header: string | undefined): string => (header ?? '').replace(/^Bearer /, '');

describe('tokens of tasks', () => {
  test('tokens of tasks verify against the JWKS endpoint and name issuer, audience and account, for one hour', async () => {
    const target = await startTarget();
    const { client, emulator } = await startTestEmulator();
    const oidcToken = { serviceAccountEmail: EMAIL, audience: 'https://dispatcher.example' };
    await createTask(client, target.url, { httpRequest: { oidcToken, headers: { authorization: 'mine' } } });
    await emulator.idle();
    const { payload, protectedHeader } = await verify(
      emulator,
      bearer(target.requests[0]?.headers.authorization),
      'https://dispatcher.example',
    );
    expect(payload).toMatchObject({ iss: emulator.issuer, email: EMAIL, email_verified: true });
    expect(payload.sub).toMatch(/^\d{21}$/);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  });

  test("the audience of a token that names none is the task's URL", async () => {
    const target = await startTarget();
    const { client, emulator } = await startTestEmulator();
    const url = `${target.url}/internal/thing?x=1`;
    await createTask(client, url, { httpRequest: { oidcToken: { serviceAccountEmail: EMAIL } } });
    await emulator.idle();
    const { payload } = await verify(emulator, bearer(target.requests[0]?.headers.authorization), url);
    expect(payload.aud).toBe(url);
  });

  test("another emulator's keys do not verify a task's token", async () => {
    const { emulator } = await startTestEmulator();
    const { emulator: stranger } = await startTestEmulator();
    const token = await emulator.mintToken({ audience: 'a', email: EMAIL });
    await expect(verify(stranger, token, 'a')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  test('the key that signs tokens outlives a restart', async () => {
    const dataDir = createDataDir();
    const first = await startTestEmulator({ dataDir });
    const token = await first.emulator.mintToken({ audience: 'a' });
    await first.emulator.stop();
    const { emulator } = await startTestEmulator({ dataDir });
    const keys = createRemoteJWKSet(new URL(emulator.jwksUrl));
    await expect(jwtVerify(token, keys, { audience: 'a' })).resolves.toMatchObject({
      payload: { email: EMULATOR_SERVICE_ACCOUNT },
    });
  });
});

describe('the second port', () => {
  test('POST /token mints for the audience and e-mail that it is asked for, as text or as JSON', async () => {
    const { emulator } = await startTestEmulator();
    const url = `${emulator.httpUrl}/token?audience=${encodeURIComponent('https://runner.example')}&email=${encodeURIComponent(EMAIL)}`;
    const text = await (await fetch(url, { method: 'POST' })).text();
    const { payload } = await verify(emulator, text, 'https://runner.example');
    expect(payload.email).toBe(EMAIL);
    const json = await fetch(url, { method: 'POST', headers: { accept: 'application/json' } });
    expect(decodeJwt(((await json.json()) as { token: string }).token).aud).toBe('https://runner.example');
  });

  test('POST /token refuses a missing audience, a bad e-mail, and GET', async () => {
    const { emulator } = await startTestEmulator();
    const codeOf = async (path: string, method = 'POST') =>
      (await fetch(`${emulator.httpUrl}${path}`, { method })).status;
    expect(await codeOf('/token')).toBe(400);
    expect(await codeOf(`/token?audience=${'a'.repeat(3000)}`)).toBe(400);
    expect(await codeOf('/token?audience=a&email=nobody')).toBe(400);
    expect(await codeOf('/token?audience=a', 'GET')).toBe(405);
    expect(await codeOf('/nothing', 'GET')).toBe(404);
    expect(await codeOf('/__proto__', 'GET')).toBe(404);
    expect(await codeOf('/healthz')).toBe(405);
  });

  test('POST /token refuses a page that reaches it under a name of its own', async () => {
    const { emulator } = await startTestEmulator();
    const code = await new Promise((resolve) => {
      const options = { method: 'POST', headers: { host: 'rebound.example' } };
      request(`${emulator.httpUrl}/token?audience=a`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(code).toBe(403);
  });

  test('discovery, health and state are there to be read', async () => {
    const { emulator } = await startTestEmulator();
    const read = async (path: string) => (await fetch(`${emulator.httpUrl}${path}`)).json();
    expect(await read('/.well-known/openid-configuration')).toMatchObject({
      issuer: emulator.issuer,
      jwks_uri: emulator.jwksUrl,
    });
    expect(await read('/healthz')).toEqual({ status: 'ok' });
    expect(await read('/state')).toMatchObject({
      queues: [{ depth: 0, oldestTaskAgeMs: null, dispatched: 0, failed: 0, throttle: { factor: 1 } }],
    });
    const { keys } = (await read('/.well-known/jwks.json')) as { keys: Record<string, unknown>[] };
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});
