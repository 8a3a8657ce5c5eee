import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRedis, startRedis, until } from '@agent-registry/servers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { call, newAgent, type TestAgent } from '../../test/call.ts';
import { startProxy } from '../../test/proxy.ts';
import { startApi, type TestApi } from '../../test/start-api.ts';

// Where there is no redis-server, the tests' own startup found none either.
const withRedis = process.env.TEST_REDIS_URL === undefined ? describe.skip : describe;
const MEMORY_MS = 60_000;
const body = { amount: '1.00' };

withRedis('nonces while Redis cannot be trusted', () => {
  let port = 0;
  let redis: RunningRedis;
  let admin: Redis;
  let api: TestApi;
  let alice: TestAgent;

  const adminOf = (of: number): Redis =>
    new Redis(of, '127.0.0.1', { enableReadyCheck: false }).on('error', () => {});
  async function start(options: readonly string[] = [], via?: (port: number) => number) {
    redis = await startRedis({ args: options });
    admin = adminOf(redis.port);
    port = via?.(redis.port) ?? redis.port;
    api = await startApi({ REDIS_URL: `redis://127.0.0.1:${port}` });
    await until(connections(1));
    // A crowded machine is no outage: only a server that is paused answers too late.
    link().client.options.commandTimeout = 30_000;
    api.clock.advance(MEMORY_MS);
    alice = await newAgent(api);
  }
  afterEach(async () => {
    redis.resume();
    admin.disconnect();
    await api.stop();
    await redis.stop();
  });

  const connections = (count: number) => () =>
    api.lines.filter((line) => line.message === 'connected to Redis').length === count;
  const link = () => api.context.redis!;
  const path = () => `/v1/agents/${alice.id}/deposit`;
  const sign = () => alice.sign('POST', path(), { body });
  const send = async (headers: Record<string, string>) =>
    (await call(api, 'POST', path(), { body, headers })).status;
  const balance = async () => (await alice.call('GET', `/v1/agents/${alice.id}/balance`)).body.balance;
  const degraded = async () => (await call(api, 'GET', '/ready')).body.checks.redis.degraded;
  const warnings = (reason: string) =>
    api.lines.filter((line) => line.severity === 'WARNING' && line.reason === reason).length;
  /** A deposit that was done while Redis could be trusted. */
  async function deposited(): Promise<Record<string, string>> {
    const headers = sign();
    expect(await send(headers)).toBe(200);
    return headers;
  }
  /** Redis answers again, as requests that it counts come to know. */
  const healed = () =>
    until(async () => {
      await call(api, 'GET', '/v1/fees');
      return link().degraded() === null;
    });
  /** The same deposit again, also as another instance sees it, which remembers nothing of its own. */
  async function replayEverywhere(headers: Record<string, string>): Promise<void> {
    expect(await send(headers)).toBe(401);
    expect(await send({ ...headers, 'X-Nonce': 'another-nonce-of-mine' })).toBe(401);
    const other = await startApi({
      REDIS_URL: `redis://127.0.0.1:${port}`,
      DATABASE_URL: api.database.url('registry_api'),
    });
    other.clock.advance(api.clock.now().getTime() - other.clock.now().getTime());
    try {
      expect((await call(other, 'POST', path(), { body, headers })).body.code).toBe('nonce_replayed');
    } finally {
      await other.stop();
    }
    expect(await balance()).toBe('1.00');
  }

  test('a signed deposit counts once, and the lapse is told, when Redis stops answering', async () => {
    await start();
    const headers = await deposited();
    link().client.options.commandTimeout = 250;
    redis.pause();
    await replayEverywhere(headers);
    expect([await degraded(), warnings('timed_out')]).toEqual(['timed_out', 1]);
    redis.resume();
    await admin.ping();
    expect((await call(api, 'GET', '/v1/fees')).status).toBe(200);
    expect([await degraded(), link().trusted()]).toEqual([null, false]);
    api.clock.advance(MEMORY_MS);
    expect(link().trusted()).toBe(true);
  });

  test('a signed deposit counts once, and the lapse is told, when everything in Redis is deleted', async () => {
    await start();
    const headers = await deposited();
    await admin.flushall();
    await replayEverywhere(headers);
    const during = sign();
    expect([await send(during), await send(during)]).toEqual([200, 401]);
    expect(link().trusted()).toBe(false);
    expect(warnings('forgot')).toBe(1);
    api.clock.advance(MEMORY_MS);
    expect([link().trusted(), await send(sign())]).toEqual([true, 200]);
    expect(await admin.get('nonces:remembered-by')).toBe(link().marker().value);
  });

  test('a signed deposit counts once, and the lapse is told, when Redis evicts: it is never trusted', async () => {
    await start(['--maxmemory', '3mb', '--maxmemory-policy', 'volatile-lru']);
    const headers = await deposited();
    await admin.eval(
      "for n = 1, 20000 do redis.call('SET', 'x' .. n, string.rep('x', 200), 'PX', 60000) end",
      0,
    );
    await replayEverywhere(headers);
    expect([await degraded(), warnings('evicts'), link().trusted()]).toEqual(['evicts', 1, false]);
  });

  test('a signed deposit counts once, and the lapse is told, when Redis became a read-only replica, and limits say that they are kept in process', async () => {
    await start();
    const headers = await deposited();
    await admin.replicaof('127.0.0.1', '1');
    await replayEverywhere(headers);
    await until(async () => (await call(api, 'GET', '/v1/fees')).status === 200 && warnings('READONLY') > 0);
    await admin.replicaof('NO', 'ONE');
    await healed();
    expect(link().trusted()).toBe(false);
  });

  test('a signed deposit counts once, and the lapse is told, when Redis stays a read-only replica: in one line and in /ready, however often it is asked and connected to', async () => {
    await start();
    const headers = await deposited();
    await admin.replicaof('127.0.0.1', '1');
    let reconnected = 0;
    link().client.on('ready', () => {
      reconnected += 1;
    });
    await until(async () => {
      await call(api, 'GET', '/v1/fees');
      return reconnected > 3;
    });
    expect([await degraded(), warnings('READONLY'), warnings('out_of_reach')]).toEqual(['READONLY', 1, 0]);
    expect(api.lines.filter((line) => line.message === 'connected to Redis')).toHaveLength(1);
    await replayEverywhere(headers);
  });

  test('a signed deposit counts once, and the lapse is told, when Redis restarts in mid-flight and another server answers in its place', async () => {
    await start();
    const headers = await deposited();
    const racing = sign();
    const twins = Promise.all([send(racing), send(racing), redis.stop()]);
    const statuses = (await twins).slice(0, 2) as number[];
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    const paid = statuses.includes(200) ? '2.00' : '1.00';
    redis = await startRedis({ port });
    await until(connections(2));
    expect(link().trusted()).toBe(false);
    expect([await send(headers), await send(racing)].filter((status) => status === 200)).toEqual([]);
    expect(await balance()).toBe(paid);
    expect(warnings('out_of_reach')).toBe(1);
  });

  /** What a server that refuses to write comes to: it is told, nothing counts twice, and it is trusted again after a memory's time. */
  async function refusesToWrite(
    reason: string,
    headers: Record<string, string>,
    mend: () => Promise<unknown>,
  ) {
    await replayEverywhere(headers);
    const during = sign();
    expect([await send(during), await send(during)]).toEqual([200, 401]);
    await until(async () => (await call(api, 'GET', '/v1/fees')).status === 200 && warnings(reason) > 0);
    expect([await degraded(), link().trusted()]).toEqual([reason, false]);
    await mend();
    await healed();
    expect(link().trusted()).toBe(false);
    api.clock.advance(MEMORY_MS);
    expect([await send(sign()), link().trusted(), await balance()]).toEqual([200, true, '3.00']);
  }

  test('a signed deposit counts once, and the lapse is told, when Redis’ memory is full and it evicts nothing', async () => {
    await start();
    const headers = await deposited();
    await admin.config('SET', 'maxmemory', '1');
    await refusesToWrite('OOM', headers, () => admin.config('SET', 'maxmemory', '0'));
  });

  test('a signed deposit counts once, and the lapse is told, when Redis cannot save what it knows, and so takes no more', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'api-redis-lost-'));
    await start(['--dir', directory]);
    const headers = await deposited();
    rmSync(directory, { recursive: true });
    await admin.config('SET', 'save', '3600 1');
    await admin.bgsave();
    await until(async () => (await admin.info('persistence')).includes('rdb_last_bgsave_status:err'));
    await refusesToWrite('MISCONF', headers, () => admin.config('SET', 'stop-writes-on-bgsave-error', 'no'));
  });

  test('a signed deposit counts once, and the lapse is told, when Redis was restarted from a snapshot and is loading it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'api-redis-kept-'));
    try {
      await start(['--dir', directory]);
      await admin.eval("for n = 1, 2000 do redis.call('SET', 'x' .. n, string.rep('x', 50)) end", 0);
      await admin.save();
      const headers = await deposited();
      await redis.stop();
      const slowly = ['--key-load-delay', '50000', '--loading-process-events-interval-bytes', '1024'];
      redis = await startRedis({ port, args: ['--dir', directory, ...slowly] });
      const loads = async () => (await admin.info('persistence')).includes('\nloading:1');
      await until(() => loads().catch(() => false));
      await replayEverywhere(headers);
      const during = sign();
      expect([await send(during), await send(during), await loads()]).toEqual([200, 401, true]);
      expect([await degraded(), link().trusted()]).toEqual(['out_of_reach', false]);
      await admin.config('SET', 'key-load-delay', '0');
      await until(connections(2));
      expect([await send(headers), link().trusted()]).toEqual([401, false]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('a signed deposit counts once, and the lapse is told, when Redis’ replica is promoted and answers at its address', async () => {
    const replica = await startRedis();
    const replicaAdmin = adminOf(replica.port);
    const proxy = await startProxy();
    try {
      await start([], (own) => {
        proxy.lead({ port: own });
        return proxy.port;
      });
      await replicaAdmin.replicaof('127.0.0.1', admin.options.port!);
      await until(async () => (await replicaAdmin.info('replication')).includes('master_link_status:up'));
      const headers = await deposited();
      proxy.lead(replica);
      await redis.stop();
      await replicaAdmin.replicaof('NO', 'ONE');
      await until(connections(2));
      expect(link().trusted()).toBe(false);
      await replayEverywhere(headers);
      api.clock.advance(MEMORY_MS);
      const later = sign();
      expect([await send(later), await send(later), link().trusted()]).toEqual([200, 401, true]);
      expect(await replicaAdmin.get('nonces:remembered-by')).toBe(link().marker().value);
    } finally {
      replicaAdmin.disconnect();
      await proxy.close();
      await replica.stop();
    }
  });
});
