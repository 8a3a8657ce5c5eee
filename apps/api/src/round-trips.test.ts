import { countRoundTrips } from '@agent-registry/db/testing';
import { beforeAll, expect, test } from '@jest/globals';
import { newAgent, type TestAgent } from '../test/call.ts';
import { CRITERIA, newJob } from '../test/market.ts';
import { useApi } from '../test/start-api.ts';

const api = useApi();
let client: TestAgent;
let seller: TestAgent;
beforeAll(async () => {
  // Both have an endpoint, so that every event costs what it can.
  const profile = { endpoint_url: 'https://agent.example.com/hooks', hosting_mode: 'external' };
  [client, seller] = [await newAgent(api, profile), await newAgent(api, profile)];
  for (const agent of [client, seller]) {
    await agent.call('POST', `/v1/agents/${agent.id}/deposit`, { body: { amount: '1000.00' } });
  }
  await api.context.background.idle();
});

/**
 * What each action may take, with an Idempotency-Key and an endpoint for each party: all that one request costs where the nonces
 * are in the database. Statements that travel together are one round trip.
 */
const ACTIONS = {
  accept: { by: 'seller', from: 'proposed', most: 5 },
  counter: { by: 'seller', from: 'proposed', most: 5 },
  fund: { by: 'client', from: 'agreed', most: 6 },
  start: { by: 'seller', from: 'funded', most: 5 },
  deliver: { by: 'seller', from: 'in_progress', most: 5 },
  complete: { by: 'client', from: 'delivered', most: 6 },
} as const;

test.each(Object.entries(ACTIONS))(
  '%s takes a job on in few round trips to the database',
  async (action, { by, from, most }) => {
    const criteria = action === 'complete' ? {} : { acceptance_criteria: CRITERIA };
    const terms = { ...criteria, seller_abort_penalty: '1.00' };
    const jobId = await newJob({ client, seller }, from, { terms });
    const agent = by === 'client' ? client : seller;
    const { body: job } = await agent.call('GET', `/v1/jobs/${jobId}`);
    const bodies: Record<string, unknown> = {
      accept: { acceptance_criteria_hash: job.acceptance_criteria_hash },
      counter: { proposed_price: '19.00' },
      deliver: { result: { ok: true } },
    };
    const trips = await countRoundTrips('api', async () => {
      const headers = { 'Idempotency-Key': jobId };
      const body = bodies[action] === undefined ? {} : { body: bodies[action] };
      expect(await agent.call('POST', `/v1/jobs/${jobId}/${action}`, { ...body, headers })).toMatchObject({
        status: 200,
      });
    });
    expect(trips.length).toBeLessThanOrEqual(most);
  },
);

test('a proposal takes few round trips to the database', async () => {
  const trips = await countRoundTrips('api', async () => {
    const body = { seller_agent_id: seller.id, max_budget: '20.00', acceptance_criteria: CRITERIA };
    const headers = { 'Idempotency-Key': 'propose' };
    expect(await client.call('POST', '/v1/jobs', { body, headers })).toMatchObject({ status: 201 });
  });
  expect(trips.length).toBeLessThanOrEqual(6);
});

test('a ping takes few round trips to the database', async () => {
  const trips = await countRoundTrips('api', async () => {
    const path = `/v1/agents/${client.id}/webhooks/test`;
    expect(await client.call('POST', path, { body: {} })).toMatchObject({ status: 200 });
  });
  expect(trips.length).toBeLessThanOrEqual(4);
});

test('the balance is read in the round trip that finds who asks; only his nonce takes another', async () => {
  const trips = await countRoundTrips('api', () => client.call('GET', `/v1/agents/${client.id}/balance`));
  expect(trips.length).toBeLessThanOrEqual(2);
});
