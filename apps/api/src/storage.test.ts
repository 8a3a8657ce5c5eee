import { STORAGE_LIMITS } from '@agent-registry/operations';
import { criteriaHash } from '@agent-registry/signing';
import { beforeEach, expect, test } from '@jest/globals';
import { offerPython } from '../test/arrange.ts';
import { type Market, newJob, newMarket } from '../test/market.ts';
import { useApi } from '../test/start-api.ts';

const api = useApi();
let market: Market;
beforeEach(async () => {
  api.clock.advance(3_600_000);
  market = await newMarket(api);
});

const large = (kib: number) => ({ requirements: 'x'.repeat(kib * 1_024) });
const propose = (terms: object, headers = {}) =>
  market.client.call('POST', '/v1/jobs', {
    body: { seller_agent_id: market.seller.id, max_budget: '1.00', ...terms },
    headers,
  });
const useUp = (agentId: string) =>
  api.db
    .updateTable('written_bytes')
    .set({ bytes: BigInt(STORAGE_LIMITS.hourOfAgent) })
    .where('agent_id', '=', agentId)
    .execute();

/** What an agent keeps for a job, or for all its jobs, in bytes; null where nothing is on its account. */
async function keptOf(agentId: string, jobId?: string): Promise<number | null> {
  const all = api.db.selectFrom('kept_bytes').where('agent_id', '=', agentId);
  const chosen = jobId === undefined ? all : all.where('subject', '=', `job:${jobId}`);
  const { bytes } = await chosen
    .select((eb) => eb.fn.sum<bigint | null>('bytes').as('bytes'))
    .executeTakeFirstOrThrow();
  return bytes === null ? null : Number(bytes);
}

test('beyond its bytes of an hour an agent is answered 413 storage_budget with a Retry-After, and nothing is written', async () => {
  expect((await propose(large(200))).status).toBe(201);
  await useUp(market.client.id);
  const refused = await propose(large(200));
  expect([refused.status, refused.body.code]).toEqual([413, 'storage_budget']);
  expect((await market.client.call('GET', '/v1/jobs')).body.total).toBe(1);
  api.clock.advance(Number(refused.headers.get('retry-after')) * 1_000);
  expect((await propose(large(200))).status).toBe(201);
});

test('an agent whose budget is used up still takes a job to its end: accept, fund, start, deliver, complete and review', async () => {
  await newJob(market, 'proposed');
  await Promise.all([useUp(market.client.id), useUp(market.seller.id)]);
  const { body } = await market.client.call('GET', '/v1/jobs');
  const path = `/v1/jobs/${body.items[0].job_id}`;
  const steps = [
    ['seller', 'accept', {}],
    ['client', 'fund', {}],
    ['seller', 'start', {}],
    ['seller', 'deliver', { result: 'r'.repeat(500_000) }],
    ['client', 'complete', {}],
    ['client', 'reviews', { rating: 5 }],
  ] as const;
  for (const [who, step, sent] of steps) {
    const reply = await market[who].call('POST', `${path}/${step}`, { body: sent });
    expect([step, reply.status]).toEqual([step, step === 'reviews' ? 201 : 200]);
  }
  expect((await propose({})).body.code).toBe('storage_budget');
});

test('offers to settle and evidence are on the account of who sends them, as long as the job is not over; accepting is never refused', async () => {
  const jobId = await newJob(market, 'failed');
  const post = (who: 'client' | 'seller', action: string, body: object) =>
    market[who].call('POST', `/v1/jobs/${jobId}/${action}`, { body: { ...body } });
  const kept = () => keptOf(market.seller.id, jobId);
  await post('seller', 'dispute', {});
  const before = (await kept()) ?? 0;
  expect((await post('seller', 'evidence', { name: 'n', text: 'x'.repeat(200_000) })).status).toBe(200);
  expect((await kept())! - before).toBeGreaterThan(200_000);
  const shares = { client_share: '20.00', seller_share: '0.00' };
  const { body } = await post('seller', 'settle', shares);
  await Promise.all([useUp(market.client.id), useUp(market.seller.id)]);
  expect((await post('seller', 'settle', shares)).body.code).toBe('storage_budget');
  expect((await post('seller', 'evidence', { name: 'n', text: 'x' })).body.code).toBe('storage_budget');
  const accepted = await post('client', 'settle/accept', { offer_hash: body.negotiation_log.at(-1).hash });
  expect(accepted.body.status).toBe('resolved');
  expect(await kept()).toBeNull();
});

test('hidden cases are on the account of the client that sent them, as long as their job is not over', async () => {
  await offerPython(api);
  const cases = [{ stdin: 'a', expect: { stdout: 'a' } }];
  const sent = {
    salt: 'a salt that nobody can guess',
    cases: [{ stdin: 'h'.repeat(50_000), expect: { stdout: 'h' } }],
  };
  const params = { source: '$.program', cases, hidden: { count: 1, commitment: criteriaHash(sent) } };
  const proposal = await propose({
    acceptance_criteria: { tests: [{ test_id: 'one', type: 'program', params }] },
    hidden_cases: { one: sent },
  });
  expect(proposal.status).toBe(201);
  const kept = () => keptOf(market.client.id, proposal.body.job_id);
  expect(await kept()).toBeGreaterThan(50_000);
  await market.client.call('POST', `/v1/jobs/${proposal.body.job_id}/cancel`);
  expect(await kept()).toBeNull();
});

test('what a client proposes costs the seller nothing, however much it is', async () => {
  for (let made = 0; made < 5; made += 1) expect((await propose(large(250))).status).toBe(201);
  expect(await keptOf(market.seller.id)).toBeNull();
});

test('an answer that is kept for an Idempotency-Key counts as written; its repetition costs nothing', async () => {
  const written = async () => {
    const { bytes } = await api.db
      .selectFrom('written_bytes')
      .select((eb) => eb.fn.sum<bigint>('bytes').as('bytes'))
      .where('agent_id', '=', market.client.id)
      .executeTakeFirstOrThrow();
    return Number(bytes);
  };
  const before = await written();
  const keyed = { 'Idempotency-Key': 'once' };
  await propose(large(100), keyed);
  const first = await written();
  expect(first - before).toBeGreaterThan(200 * 1_024);
  await propose(large(100), keyed);
  expect(await written()).toBe(first);
});

test('bytes are freed when the job ends', async () => {
  const { body } = await propose(large(100));
  expect(await keptOf(market.client.id, body.job_id)).toBeGreaterThan(100_000);
  await market.seller.call('POST', `/v1/jobs/${body.job_id}/cancel`);
  expect(await keptOf(market.client.id, body.job_id)).toBeNull();
});
