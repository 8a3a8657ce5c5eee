import { waitUntil } from '@agent-registry/servers';
import { generateKeyPair, type KeyPair, rotationMessage, signMessage } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { agentWith, call, newAgent, operatorOf, type Reply, type TestAgent } from '../call.ts';
import { newJob, newMarket } from '../market.ts';
import { startApi, type TestApi, useApi } from '../start-api.ts';
import { beginRequest } from './slow-request.ts';

const ROUNDS = 12;
const TIMEOUT_MS = 15_000;
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

const api = useApi();

const statusesOf = (replies: readonly Reply[]) =>
  replies.map(({ status }) => status).toSorted((a, b) => a - b);
const codesOf = (replies: readonly Reply[]) =>
  replies.map(({ body }) => String(body?.code ?? 'done')).toSorted();
const deposit = (agent: TestAgent, headers: Record<string, string> = {}) =>
  agent.call('POST', `/v1/agents/${agent.id}/deposit`, { body: { amount: '1.00' }, headers });
const balanceOf = async (agent: TestAgent): Promise<string> =>
  (await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body.balance;

describe('rotate-key against requests that the old key signed', () => {
  const rotate = (agent: TestAgent, next: KeyPair) =>
    agent.call('POST', `/v1/agents/${agent.id}/rotate-key`, {
      body: {
        new_public_key: next.publicKey,
        proof: signMessage(next.privateKey, rotationMessage(agent.id, next.publicKey)),
      },
    });

  test('requests that the old key signed are done or refused beside rotate-key, and none is done once it has answered', async () => {
    let agent = await newAgent(api);
    let done = 0;
    for (const _ of rounds) {
      const next = generateKeyPair();
      const [rotated, ...beside] = await Promise.all([rotate(agent, next), deposit(agent), deposit(agent)]);
      expect(rotated.status).toBe(200);
      const after = await Promise.all([
        deposit(agent),
        agent.call('GET', '/v1/jobs'),
        rotate(agent, generateKeyPair()),
      ]);
      expect(codesOf(after)).toEqual(['invalid_signature', 'invalid_signature', 'invalid_signature']);
      for (const { status } of beside) expect([200, 401]).toContain(status);
      done += beside.filter(({ status }) => status === 200).length;
      agent = agentWith(api, agent.id, next);
    }
    expect(await balanceOf(agent)).toBe(`${done}.00`);
  });

  test('a request that was half sent before the rotation is refused when the rest of it comes', async () => {
    const agent = await newAgent(api);
    const path = `/v1/agents/${agent.id}/deposit`;
    const slow = await beginRequest(api, agent, { method: 'POST', path, body: { amount: '1.00' } });
    const next = generateKeyPair();
    expect((await rotate(agent, next)).status).toBe(200);
    expect(await slow.finish()).toEqual({ status: 401, code: 'invalid_signature' });
    expect(await balanceOf(agentWith(api, agent.id, next))).toBe('0.00');
  });
});

describe('idempotent twins', () => {
  test('of four deposits with one Idempotency-Key one is done; the others get its answer, or are told that it runs', async () => {
    const agent = await newAgent(api);
    for (const round of rounds) {
      const twins = await Promise.all(
        [1, 2, 3, 4].map(() => deposit(agent, { 'Idempotency-Key': `twin-${round}` })),
      );
      const done = twins.filter(({ status }) => status === 200);
      expect(done.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
      expect(new Set(done.map(({ text }) => text)).size).toBe(1);
      const others = twins.filter(({ status }) => status !== 200);
      for (const { body } of others) expect(body.code).toBe('request_in_progress');
      expect(await balanceOf(agent)).toBe(`${round + 1}.00`);
    }
  });

  test('three proposals with one Idempotency-Key make one job', async () => {
    const { client, seller } = await newMarket(api);
    for (const round of rounds) {
      const propose = () =>
        client.call('POST', '/v1/jobs', {
          body: { seller_agent_id: seller.id, max_budget: '1.00' },
          headers: { 'Idempotency-Key': `twin-${round}` },
        });
      await Promise.all([propose(), propose(), propose()]);
      expect((await client.call('GET', '/v1/jobs?limit=100')).body.items).toHaveLength(round + 1);
    }
  });
});

describe('two registrations of one key', () => {
  const agentsWith = (publicKey: string) =>
    api.db.selectFrom('agents').select('agent_id').where('public_key', '=', publicKey).execute();

  test('of two registrations of one key one succeeds, and the other is told that the key is taken', async () => {
    for (const _ of rounds) {
      const { publicKey } = generateKeyPair();
      const body = { public_key: publicKey, display_name: 'Twin' };
      const twins = await Promise.all([1, 2, 3].map(() => call(api, 'POST', '/v1/agents', { body })));
      expect(codesOf(twins)).toEqual(['done', 'public_key_taken', 'public_key_taken']);
      expect(await agentsWith(publicKey)).toHaveLength(1);
    }
  });

  test('two registrations with one Idempotency-Key are told the secret once', async () => {
    for (const round of rounds) {
      const { publicKey } = generateKeyPair();
      const body = { public_key: publicKey, display_name: 'Twin' };
      const headers = { 'Idempotency-Key': `registration-${round}` };
      const twins = await Promise.all(
        [1, 2, 3].map(() => call(api, 'POST', '/v1/agents', { body, headers })),
      );
      const shown = twins
        .filter(({ status }) => status === 201)
        .flatMap(({ body: agent }) => agent.webhook_secret ?? []);
      expect(shown).toHaveLength(1);
      for (const { status } of twins) expect([201, 409]).toContain(status);
      expect(await agentsWith(publicKey)).toHaveLength(1);
    }
  });
});

describe('a nonce sent twice at once', () => {
  async function replay(other: TestApi): Promise<void> {
    const agent = await newAgent(other);
    const path = `/v1/agents/${agent.id}/deposit`;
    const body = { amount: '1.00' };
    for (const round of rounds) {
      const headers = agent.sign('POST', path, { body });
      const twins = await Promise.all([1, 2, 3].map(() => call(other, 'POST', path, { body, headers })));
      expect(statusesOf(twins)).toEqual([200, 401, 401]);
      expect(codesOf(twins)).toEqual(['done', 'nonce_replayed', 'nonce_replayed']);
      expect(await balanceOf(agent)).toBe(`${round + 1}.00`);
    }
  }

  test('a nonce sent twice at once is taken once where Postgres decides', () => replay(api));

  const redisUrl = process.env.TEST_REDIS_URL;
  // Where there is no redis-server on the PATH, the tests' own startup found none either.
  (redisUrl === undefined ? test.skip : test)(
    'a nonce sent twice at once is taken once where Redis decides',
    async () => {
      const other = await startApi({ REDIS_URL: redisUrl! });
      try {
        const met = () => other.lines.some(({ message }) => message === 'connected to Redis');
        expect(await waitUntil(met, { timeoutMs: TIMEOUT_MS })).toBe(true);
        other.clock.advance(60_000);
        expect(other.context.redis?.trusted()).toBe(true);
        await replay(other);
        // Each deposit's nonce and signature stand in the table beside what they paid for; the replays left nothing there.
        expect(await other.db.selectFrom('nonces').selectAll().execute()).toHaveLength(2 * rounds.length);
      } finally {
        await other.stop();
      }
    },
  );
});

describe('a suspension in the middle of things', () => {
  const operator = operatorOf(api);
  const operate = (agent: TestAgent, action: 'suspend' | 'reinstate') =>
    operator('POST', `/agents/${agent.id}/${action}`, { note: 'a race' });

  test('a request that was half sent before a suspension is refused when the rest of it comes', async () => {
    const agent = await newAgent(api);
    const path = `/v1/agents/${agent.id}`;
    const slow = await beginRequest(api, agent, { method: 'PATCH', path, body: { display_name: 'Late' } });
    expect((await operate(agent, 'suspend')).status).toBe(200);
    expect(await slow.finish()).toEqual({ status: 403, code: 'agent_suspended' });
    expect((await call(api, 'GET', path)).body.display_name).toBe('Agent');
  });

  test('beside a suspension a job is funded whole or not at all, and nothing is done once the suspension has answered', async () => {
    const market = await newMarket(api);
    for (const _ of rounds) {
      const jobId = await newJob(market, 'agreed', { terms: { seller_abort_penalty: '2.00' } });
      const fund = () => market.client.call('POST', `/v1/jobs/${jobId}/fund`);
      const [suspended, funded] = await Promise.all([operate(market.client, 'suspend'), fund()]);
      expect(suspended.status).toBe(200);
      expect((await fund()).body.code).toBe('agent_suspended');
      const job = (await market.seller.call('GET', `/v1/jobs/${jobId}`)).body;
      expect([funded.status, job.status]).toEqual(funded.status === 200 ? [200, 'funded'] : [403, 'agreed']);
      await operate(market.client, 'reinstate');
      const end = job.status === 'funded' ? 'abort' : 'cancel';
      expect((await market.seller.call('POST', `/v1/jobs/${jobId}/${end}`)).status).toBe(200);
    }
  });

  test('beside the suspension of a seller no money is held for it unless it was active', async () => {
    const market = await newMarket(api);
    for (const _ of rounds) {
      const jobId = await newJob(market, 'agreed');
      const [, funded] = await Promise.all([
        operate(market.seller, 'suspend'),
        market.client.call('POST', `/v1/jobs/${jobId}/fund`),
      ]);
      expect([200, 409]).toContain(funded.status);
      await operate(market.seller, 'reinstate');
      const end = funded.status === 200 ? 'abort' : 'cancel';
      expect((await market.client.call('POST', `/v1/jobs/${jobId}/${end}`)).status).toBe(200);
    }
  });
});
