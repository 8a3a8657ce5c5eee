import { STORAGE_LIMITS } from '@agent-registry/operations';
import { generateKeyPair } from '@agent-registry/signing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { agentWith, call, newAgent, type Reply, type TestAgent } from '../call.ts';
import { newJob } from '../market.ts';
import { startApi, type TestApi } from '../start-api.ts';

/** The limits that a deployment has unless it says otherwise. */
const LIMITS = {
  DISCOVERY: [60, 20],
  READ: [120, 60],
  WRITE: [30, 10],
  JOB: [120, 60],
  REGISTRATION: [5, 2],
};
const FLOODERS = 60;
const MIB = 1_048_576;
const FLOOD = { 'X-Forwarded-For': '203.0.113.66' };
let api: TestApi;
beforeAll(async () => {
  const limits = Object.entries(LIMITS).flatMap(([name, [capacity, refill]]) => [
    [`RATE_LIMIT_${name}_CAPACITY`, String(capacity)],
    [`RATE_LIMIT_${name}_REFILL_PER_MIN`, String(refill)],
  ]);
  api = await startApi({ ...Object.fromEntries(limits), TRUSTED_PROXY_HOPS: '1' });
});
afterAll(() => api.stop());

/** Agents that nobody's limit of registrations let in. */
async function seedAgents(count: number): Promise<TestAgent[]> {
  const made = Array.from({ length: count }, () => ({
    agentId: api.context.ids.next(),
    keys: generateKeyPair(),
  }));
  const now = api.clock.now();
  await api.db
    .insertInto('agents')
    .values(
      made.map(({ agentId, keys }, index) => ({
        agent_id: agentId,
        public_key: keys.publicKey,
        display_name: `Flooder ${index}`,
        hosting_mode: 'client_only' as const,
        capabilities: [],
        status: 'active' as const,
        reputation_as_of: now,
        webhook_secret: api.context.sealer.seal('whsec_none', `webhook-secret:${agentId}`),
        created_at: now,
        updated_at: now,
      })),
    )
    .execute();
  return made.map(({ agentId, keys }) => agentWith(api, agentId, keys));
}

const countBy = (replies: readonly Reply[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of replies) {
    const name = status < 300 ? 'done' : String(body.code);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

test('many agents behind one address stay under the bounds of agent, address and instance, and an honest agent is refused nothing of its own', async () => {
  const seller = await newAgent(api);
  const client = await newAgent(api);
  for (const one of [seller, client]) {
    await one.call('POST', `/v1/agents/${one.id}/deposit`, { body: { amount: '100.00' } });
  }
  const flooders = await seedAgents(FLOODERS);
  const before = await api.db.selectFrom('agents').select('agent_id').execute();
  // As if each of them had written nearly all of its hour, and so nearly all of the address’s.
  const each = STORAGE_LIMITS.hourOfAddress / FLOODERS - 20_000;
  await api.db
    .insertInto('written_bytes')
    .values(
      flooders.map(({ id }) => ({
        agent_id: id,
        hour: new Date(Math.floor(api.clock.now().getTime() / 3_600_000) * 3_600_000),
        address: 'ip:203.0.113.66',
        bytes: BigInt(Math.floor(each)),
      })),
    )
    .execute();
  const registrations: Reply[] = [];
  const proposals: Reply[] = [];
  for (const flooder of flooders) {
    const body = { public_key: generateKeyPair().publicKey, display_name: 'One more' };
    registrations.push(await flooder.call('POST', '/v1/agents', { body, headers: FLOOD }));
    const proposal = { seller_agent_id: seller.id, max_budget: '0.01', requirements: 'x'.repeat(60_000) };
    proposals.push(
      ...(await Promise.all(
        Array.from({ length: 3 }, (_, n) =>
          flooder.call('POST', '/v1/jobs', { body: { ...proposal, max_rounds: n + 1 }, headers: FLOOD }),
        ),
      )),
    );
  }
  expect(countBy(registrations)).toEqual({ done: 5, rate_limited: FLOODERS - 5 });
  expect(await api.db.selectFrom('agents').select('agent_id').execute()).toHaveLength(before.length + 5);
  const { done = 0, storage_budget: refused = 0 } = countBy(proposals);
  expect(done + refused).toBe(3 * FLOODERS);
  expect(refused).toBeGreaterThan(0);
  const { bytes } = await api.db
    .selectFrom('written_bytes')
    .select((eb) => eb.fn.sum<bigint>('bytes').as('bytes'))
    .where('address', '=', 'ip:203.0.113.66')
    .executeTakeFirstOrThrow();
  expect(Number(bytes)).toBeLessThan(STORAGE_LIMITS.hourOfAddress + MIB);

  const jobId = await newJob({ client, seller }, 'completed');
  expect((await client.call('GET', `/v1/jobs/${jobId}`)).body.status).toBe('completed');
  expect((await seller.call('GET', '/v1/jobs?limit=20')).status).toBe(200);
  expect((await call(api, 'GET', '/v1/fees')).status).toBe(200);
});
