import { describe, expect, test } from '@jest/globals';
import { call, newAgent, outcomeOf, type TestAgent } from '../../../test/call.ts';
import { newJob, newMarket } from '../../../test/market.ts';
import { startApi, useApi } from '../../../test/start-api.ts';

const api = useApi();

const deposit = (agent: TestAgent, raw: string) =>
  agent.call('POST', `/v1/agents/${agent.id}/deposit`, { raw: `{"amount":${raw}}` });

describe('a development deposit', () => {
  test.each([
    ['1e2', '200 100.00'],
    ['"1000000000.00"', '200 1000000000.00'],
    ['0', '422 amount'],
    ['0.001', '422 amount'],
    ['"1000000000.01"', '422 amount'],
  ])('a development deposit of %s answers %s', async (raw, told) => {
    const reply = await deposit(await newAgent(api), raw);
    expect(reply.status === 200 ? `200 ${reply.body.balance}` : outcomeOf(reply)).toBe(told);
  });

  test('a development deposit is 403 where it is not switched on', async () => {
    const strict = await startApi({ DEV_DEPOSIT_ENABLED: 'false' });
    const agent = await newAgent(strict);
    const reply = await agent.call('POST', `/v1/agents/${agent.id}/deposit`, { body: { amount: '1.00' } });
    expect([reply.status, reply.body.code]).toEqual([403, 'deposit_disabled']);
    await strict.stop();
  });
});

test('the balance tells what is at hand and what jobs hold', async () => {
  const market = await newMarket(api, '100.00');
  await newJob(market, 'funded', { terms: { seller_abort_penalty: '5.00' } });
  const { client, seller } = market;
  expect((await client.call('GET', `/v1/agents/${client.id}/balance`)).body).toEqual({
    agent_id: client.id,
    balance: '80.00',
    available_balance: '80.00',
    pending_withdrawals: '0.00',
    held_in_escrow: '20.00',
    held_in_bonds: '0.00',
  });
  const alias = await seller.call('GET', `/v1/agents/${seller.id}/wallet/balance`);
  expect(alias.body).toMatchObject({ balance: '95.00', held_in_escrow: '0.00', held_in_bonds: '5.00' });
});

describe('the statement', () => {
  test('the statement explains every cent of the balance, newest first, by pages', async () => {
    const market = await newMarket(api, '100.00');
    const jobId = await newJob(market, 'completed', { terms: { seller_abort_penalty: '5.00' } });
    const { seller } = market;
    const path = `/v1/agents/${seller.id}/transactions`;
    const all = await seller.call('GET', path);
    expect(
      all.body.items.map((line: Record<string, string>) => [line.kind, line.amount, line.balance_after]),
    ).toEqual([
      ['bond_return', '5.00', '119.50'],
      ['escrow_release', '19.50', '114.50'],
      ['bond_hold', '-5.00', '95.00'],
      ['deposit', '100.00', '100.00'],
    ]);
    expect(all.body.items[0]).toMatchObject({ type: 'bond_return', status: 'completed', job_id: jobId });
    expect(all.body).toMatchObject({ total: 4, limit: 20, offset: 0, next_cursor: null });
    const first = await seller.call('GET', `${path}?limit=3`);
    const second = await seller.call('GET', `${path}?limit=3&cursor=${first.body.next_cursor}`);
    expect([...first.body.items, ...second.body.items]).toEqual(all.body.items);
    expect(second.body.next_cursor).toBeNull();
    const alias = await seller.call('GET', `/v1/agents/${seller.id}/wallet/transactions?offset=3`);
    expect(alias.body.items).toEqual(all.body.items.slice(3));
  });

  test('a cursor that the statement did not give is refused', async () => {
    const alice = await newAgent(api);
    const path = `/v1/agents/${alice.id}/transactions`;
    const bad = await alice.call(
      'GET',
      `${path}?cursor=${Buffer.from('transactions -1').toString('base64url')}`,
    );
    expect([bad.status, bad.body.errors[0].path]).toEqual([422, 'cursor']);
  });
});

test('the fee is told as a fraction and in per cent, with how it is rounded', async () => {
  const reply = await call(api, 'GET', '/v1/fees');
  expect(reply.body).toEqual({
    platform_fee_percent: '0.025',
    display: '2.5 %',
    rounding: 'up',
    minimum: '0.01',
  });
});
