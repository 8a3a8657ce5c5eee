import { expect, test } from '@jest/globals';
import { call, newAgent, operatorOf, type TestAgent } from '../../../test/call.ts';
import { itemsOf, readPages } from '../../../test/pages.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const operate = operatorOf(api);

/** A seller who has just offered this skill, and so was seen. */
async function seller(skill: string): Promise<TestAgent> {
  const agent = await newAgent(api, { display_name: skill, capabilities: ['online-tests'] });
  const path = `/v1/agents/${agent.id}/listings`;
  expect((await agent.call('POST', path, { body: { skill_id: skill, base_price: '1.00' } })).status).toBe(
    201,
  );
  await api.context.background.idle();
  return agent;
}

const found = async (query: string): Promise<string[]> =>
  (await call(api, 'GET', `/v1/discover?${query}`)).body.items.map(
    (item: { skill_id: string }) => item.skill_id,
  );

const isOnline = async ({ id }: TestAgent) => (await call(api, 'GET', `/v1/agents/${id}`)).body.is_online;

test('a seller is online for 10 minutes after it was seen, and found by every filter in them alone', async () => {
  const agent = await seller('greeting');
  expect(await isOnline(agent)).toBe(true);
  api.clock.advance(599_999);
  expect(await isOnline(agent)).toBe(true);
  const filters = [
    'q=greeting',
    'skill_id=greeting',
    'capability=online-tests&q=greeting&max_price=1.00&min_rating=0',
  ];
  for (const filter of filters)
    expect([filter, await found(`${filter}&online=true`)]).toEqual([filter, ['greeting']]);
  api.clock.advance(1);
  expect(await isOnline(agent)).toBe(false);
  for (const filter of filters) {
    expect([filter, await found(`${filter}&online=true`)]).toEqual([filter, []]);
    expect([filter, await found(`${filter}&online=false`)]).toEqual([filter, ['greeting']]);
    expect([filter, await found(filter)]).toEqual([filter, ['greeting']]);
  }
  await agent.call('GET', `/v1/agents/${agent.id}/balance`);
  await api.context.background.idle();
  expect(await found('online=true')).toContain('greeting');
});

test('a seller who is suspended is not online', async () => {
  const agent = await seller('vanishing');
  const suspended = await operate('POST', `/agents/${agent.id}/suspend`, { note: 'Away.' });
  expect([suspended.body.status, suspended.body.is_online]).toEqual(['suspended', false]);
  expect(await isOnline(agent)).toBe(false);
  expect(await found('skill_id=vanishing&online=true')).toEqual([]);
});

test.each(['1', 'TRUE', 'yes', '', 'true&online=false'])('online=%s is 422', async (value) => {
  const reply = await call(api, 'GET', `/v1/discover?online=${value}`);
  expect([reply.status, reply.body.errors?.[0].path]).toEqual([422, 'online']);
});

test('sellers who are online are paged through by cursor without loss', async () => {
  for (let made = 0; made < 5; made += 1) await seller('waving');
  for (const filter of ['skill_id=waving', 'q=waving']) {
    const path = `/v1/discover?${filter}&online=true`;
    const all = (await call(api, 'GET', path)).body;
    expect(all.total).toBe(5);
    const pages = await readPages((page) => call(api, 'GET', page), `${path}&limit=2`);
    expect(itemsOf(pages)).toEqual(all.items);
  }
});
