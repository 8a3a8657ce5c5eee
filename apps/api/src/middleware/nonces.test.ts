import { createDb, insertNonces } from '@agent-registry/db';
import { countRoundTrips } from '@agent-registry/db/testing';
import { commit } from '@agent-registry/operations';
import { contracts, RegistryError } from '@agent-registry/schemas';
import { type RunningRedis, startRedis, until } from '@agent-registry/servers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, newAgent, type TestAgent } from '../../test/call.ts';
import { startApi, type TestApi } from '../../test/start-api.ts';
import { onceOnly } from './idempotency.ts';
import { createNonceStore } from './nonces.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { claimNonces } from './verify-signature.ts';

// Where there is no redis-server, the tests' own startup found none either.
const withRedis = process.env.TEST_REDIS_URL === undefined ? describe.skip : describe;

withRedis('nonces with a Redis that comes and goes', () => {
  let api: TestApi;
  let alice: TestAgent;
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startRedis();
    api = await startApi({ REDIS_URL: redis.url });
    await until(() => link().connected() && api.lines.some((line) => line.message === 'connected to Redis'));
    // A crowded machine is no outage: here Redis is stopped, and is never only slow.
    link().client.options.commandTimeout = 30_000;
    api.clock.advance(60_000);
    alice = await newAgent(api);
  });
  afterAll(async () => {
    await api.stop();
    await redis.stop();
  });

  const link = () => api.context.redis!;
  const path = () => `/v1/agents/${alice.id}/deposit`;
  const body = { amount: '1.00' };
  const sign = () => alice.sign('POST', path(), { body });
  const send = async (headers: Record<string, string>) =>
    (await call(api, 'POST', path(), { body, headers })).status;
  const inTable = async () => (await api.db.selectFrom('nonces').select('nonce').execute()).length;

  test('a refused request spends its nonces in Redis, and one that changes something in the table as well', async () => {
    expect(link().trusted()).toBe(true);
    const none = { body: { amount: '0' } };
    const refused = alice.sign('POST', path(), none);
    expect((await call(api, 'POST', path(), { ...none, headers: refused })).status).toBe(422);
    expect((await call(api, 'POST', path(), { ...none, headers: refused })).status).toBe(401);
    expect(await inTable()).toBe(0);
    const headers = sign();
    expect([await send(headers), await send(headers)]).toEqual([200, 401]);
    expect(await inTable()).toBe(2);
  });

  test('a signed request asks Redis once, for its nonce and its token together', async () => {
    const admin = link().client;
    const balance = `/v1/agents/${alice.id}/balance`;
    await call(api, 'GET', balance, { headers: alice.sign('GET', balance) });
    await admin.config('RESETSTAT');
    expect((await call(api, 'GET', balance, { headers: alice.sign('GET', balance) })).status).toBe(200);
    const scripts = (await admin.info('commandstats')).matchAll(/^cmdstat_(eval(?:sha)?):calls=(\d+)/gm);
    expect([...scripts].map(([, name, times]) => [name, times])).toEqual([['evalsha', '1']]);
  });

  test('without an Idempotency-Key a request claims its nonces in the round trip of what it asks first', async () => {
    const headers = sign();
    const trips = await countRoundTrips('api', async () => expect(await send(headers)).toBe(200));
    const claiming = trips.filter((trip) => trip.includes('INSERT INTO nonces'));
    expect(claiming).toEqual([
      expect.stringMatching(/^begin; INSERT INTO nonces .*; select \* from "agents" .* for no key update$/s),
    ]);
  });

  test('a claim that is refused undoes what was done meanwhile, and its refusal comes before any other', async () => {
    const expiresAt = new Date(api.clock.now().getTime() + 60_000);
    const unclaimed = { ownerId: alice.id, nonces: ['a-nonce-that-redis-forgot'], expiresAt };
    await insertNonces(api.context.db, unclaimed, api.clock.now());
    const caller = { kind: 'key', publicKey: '', unclaimed } as const;
    const refused = commit(api.context, (op) =>
      onceOnly(
        op,
        contracts.depositCredits,
        { idempotency: null, claimed: claimNonces(op, caller) },
        async () => {
          await insertNonces(op.trx, { ...unclaimed, nonces: ['written-meanwhile'] }, op.now);
          throw new RegistryError('not_found', 'What it would be refused for otherwise.');
        },
      ),
    );
    await expect(refused).rejects.toMatchObject({ code: 'nonce_replayed' });
    const written = api.db.selectFrom('nonces').select('nonce').where('nonce', '=', 'written-meanwhile');
    expect(await written.execute()).toEqual([]);
  });

  test('a replay at another instance takes none of the agent’s tokens', async () => {
    const expiresAt = new Date(api.clock.now().getTime() + 60_000);
    const spending = { ownerId: alice.id, nonces: ['a-nonce-that-is-captured'], expiresAt };
    const slow = { capacity: 3, refillPerMin: 1 };
    const limits = { ...api.context.config.rateLimits, write: slow };
    const limiter = createRateLimiter({ limits, clock: api.clock, redis: link() });
    const bucket = limiter.bucketInRedis('write', 'agent:a-victim');
    const spent = await api.context.nonces.spend(spending, bucket);
    expect(spent).toMatchObject({ before: [], bucket: { allowed: true, remaining: 2 } });
    const replayed = await createNonceStore(api.context).spend(spending, bucket);
    expect(replayed).toEqual({ before: spending.nonces, inTable: false, bucket: null });
    expect((await limiter.consume('write', 'agent:a-victim')).remaining).toBe(1);
  });

  test('when it is lost, Postgres decides, and knows what Redis knew', async () => {
    const before = sign();
    expect(await send(before)).toBe(200);
    await redis.stop();
    await until(() => !link().connected());
    expect(await send(before)).toBe(401);
    const during = sign();
    expect([await send(during), await send(during)]).toEqual([200, 401]);
    expect((await call(api, 'GET', '/ready')).body.checks.redis).toMatchObject({ ready: true });
  });

  test('back from a restart it has forgotten, so Postgres decides for twice the age of a signature', async () => {
    const during = sign();
    expect(await send(during)).toBe(200);
    redis = await startRedis({ port: redis.port });
    await until(() => api.lines.filter((line) => line.message === 'connected to Redis').length === 2);
    expect(link().trusted()).toBe(false);
    expect(await send(during)).toBe(401);
    const after = sign();
    expect([await send(after), await send(after)]).toEqual([200, 401]);
    api.clock.advance(59_999);
    expect(link().trusted()).toBe(false);
    api.clock.advance(1);
    expect(link().trusted()).toBe(true);
  });

  test('with Redis and Postgres out no nonce counts as new: 503', async () => {
    await redis.stop();
    await until(() => !link().connected());
    const db = createDb({ url: 'postgres://nobody@127.0.0.1:1/nowhere', poolMax: 1 });
    const store = createNonceStore({ ...api.context, db });
    const expiresAt = new Date(api.clock.now().getTime() + 60_000);
    const spend = store.spend({ ownerId: alice.id, nonces: ['a-nonce-of-sixteen'], expiresAt });
    await expect(spend).rejects.toMatchObject({ code: 'unavailable' });
    await db.destroy();
    redis = await startRedis({ port: redis.port });
  });
});
