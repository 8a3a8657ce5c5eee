import { type RunningRedis, startRedis, until } from '@agent-registry/servers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, newAgent, type TestAgent } from '../call.ts';
import { startProxy, type TcpProxy } from '../proxy.ts';
import { startApi, type TestApi } from '../start-api.ts';

const ROUNDS = 60;
const AT_ONCE = 4;

// Where there is no redis-server on the PATH, the tests' own startup found none either.
const withRedis = process.env.TEST_REDIS_URL === undefined ? describe.skip : describe;

withRedis('while Redis is killed and comes back', () => {
  let redis: RunningRedis;
  let way: TcpProxy;
  let api: TestApi;
  let agent: TestAgent;
  beforeAll(async () => {
    [redis, way] = await Promise.all([startRedis(), startProxy()]);
    way.lead(postgres);
    api = await startApi({ REDIS_URL: redis.url, RATE_LIMIT_DISCOVERY_CAPACITY: '5' }, (url) => {
      const through = new URL(url);
      through.port = String(way.port);
      return through.href;
    });
    await met(1);
    api.clock.advance(60_000);
    agent = await newAgent(api);
  }, 60_000);
  afterAll(async () => {
    way.lead(postgres);
    await api.stop();
    await way.close();
    await redis.stop();
  });

  const { hostname: host, port } = new URL(process.env.TEST_DATABASE_URL!);
  const postgres = { host, port: Number(port) };
  const gone = () => until(() => !api.context.redis!.connected());
  const met = (times: number) =>
    until(() => api.lines.filter(({ message }) => message === 'connected to Redis').length >= times);
  const path = () => `/v1/agents/${agent.id}/deposit`;
  const body = { amount: '1.00' };
  const sign = () => agent.sign('POST', path(), { body });
  const deposit = (headers: Record<string, string>) => call(api, 'POST', path(), { body, headers });
  const balance = async () => (await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body.balance;

  /** Sends each request again and again, some of them much later, and counts how often each was taken. */
  async function barrage(taken: Map<string, number>, isOver: () => boolean): Promise<void> {
    const fresh: Record<string, string>[] = [];
    const worker = async (number: number) => {
      for (let round = 0; round < ROUNDS && !(round > ROUNDS / 2 && isOver()); round += 1) {
        const again = fresh[(round * 7 + number) % Math.max(1, fresh.length)];
        const headers = round % 3 === 0 || again === undefined ? sign() : again;
        if (headers !== again) fresh.push(headers);
        for (const { status } of await Promise.all([deposit(headers), deposit(headers)])) {
          expect([200, 401, 503]).toContain(status);
          const nonce = headers['X-Nonce'] ?? '';
          if (status === 200) taken.set(nonce, (taken.get(nonce) ?? 0) + 1);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => worker(number)));
    for (const headers of fresh) expect((await deposit(headers)).status).not.toBe(200);
  }

  test('no request is taken twice while Redis is killed and comes back', async () => {
    const taken = new Map<string, number>();
    let isOver = false;
    const outages = async () => {
      for (const meetings of [2, 3, 4]) {
        await redis.stop();
        await gone();
        redis = await startRedis({ port: redis.port });
        await met(meetings);
      }
      isOver = true;
    };
    await Promise.all([outages(), barrage(taken, () => isOver)]);
    expect(taken.size).toBeGreaterThan(0);
    expect([...taken.values()].filter((times) => times !== 1)).toEqual([]);
    expect(await balance()).toBe(`${taken.size}.00`);
  }, 60_000);

  test('a bucket that Redis emptied or not, limits go on in process', async () => {
    await redis.stop();
    await gone();
    const statuses: number[] = [];
    for (let request = 0; request < 7; request += 1) {
      const reply = await call(api, 'GET', '/v1/discover');
      statuses.push(reply.status);
      expect(reply.headers.get('ratelimit')).toMatch(/^"discovery";r=\d+;t=\d+$/);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });

  test('with Redis and Postgres out, what would change something is 503 and changes nothing, and no replay slips through', async () => {
    const before = sign();
    expect((await deposit(before)).status).toBe(200);
    const had = await balance();
    way.cut();
    for (const headers of [sign(), before, sign()]) {
      const reply = await deposit(headers);
      expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const registration = await call(api, 'POST', '/v1/agents', {
      body: { public_key: agent.keys.publicKey, display_name: 'x' },
    });
    expect(registration.status).toBe(503);
    expect((await call(api, 'GET', '/health')).status).toBe(200);
    way.lead(postgres);
    expect((await deposit(before)).status).toBe(401);
    expect(await balance()).toBe(had);
    expect((await deposit(sign())).status).toBe(200);
  });
});
