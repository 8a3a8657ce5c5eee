import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NO_ID } from '../../../test/arrange.ts';
import { call, newAgent, operatorOf, outcomeOf, type TestAgent } from '../../../test/call.ts';
import { itemsOf, readPages } from '../../../test/pages.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const operate = operatorOf(api);
let alice: TestAgent;
let bob: TestAgent;
beforeAll(async () => {
  [alice, bob] = await Promise.all([
    newAgent(api, { display_name: 'Alice', capabilities: ['text-tools'] }),
    newAgent(api, { display_name: 'Bob' }),
  ]);
});

const get = (path: string) => call(api, 'GET', path);
let skills = 0;
const offer = (agent: TestAgent, listing: Record<string, unknown> = {}) => {
  skills += 1;
  return agent.call('POST', `/v1/agents/${agent.id}/listings`, {
    body: { skill_id: `skill-${skills}`, base_price: '12.50', ...listing },
  });
};

describe('offering a skill', () => {
  test('offering a skill makes an active listing, with the SLA to the letter', async () => {
    const raw = '{"skill_id":"summarise","description":"Short.","base_price":12.5,"sla":{"hours": 1.0}}';
    const reply = await alice.call('POST', `/v1/agents/${alice.id}/listings`, { raw });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      seller_agent_id: alice.id,
      skill_id: 'summarise',
      base_price: '12.50',
      currency: 'credits',
      status: 'active',
    });
    expect(reply.text).toContain('"sla":{"hours":1.0}');
    expect(reply.headers.get('location')).toBe(`/v1/listings/${reply.body.listing_id}`);
    expect((await call(api, 'GET', `/v1/listings/${reply.body.listing_id}`)).text).toBe(reply.text);
  });

  test('a second spelling of a skill is 409, a decomposed one finds it, and one with characters that cannot be seen is 422', async () => {
    expect((await offer(alice, { skill_id: '  Cafe\u0301 Menus ' })).body.skill_id).toBe('Caf\u00e9 Menus');
    for (const skill_id of [
      'café menus',
      'CAFÉ MENUS',
      'Café\u00a0Menus',
      'Ｃafé menus',
      'Café  Menus',
      'Cafe\u0301 menus',
    ]) {
      const reply = await offer(alice, { skill_id });
      expect([skill_id, outcomeOf(reply)]).toEqual([skill_id, '409 duplicate_listing']);
    }
    for (const spelt of [' Cafe\u0301 Menus', 'CAFÉ MENUS', 'café  menus', 'ｃafé menus'])
      for (const path of [
        '/v1/listings?',
        '/v1/discover?',
        '/v1/discover?q=menu&',
        '/v1/discover?online=true&',
      ]) {
        const { body } = await call(api, 'GET', `${path}skill_id=${encodeURIComponent(spelt)}`);
        expect([path, spelt, body.total]).toEqual([path, spelt, 1]);
      }
    for (const skill_id of ['Café\u200b Menus', '\u202eCafé', '   ', '\u3164']) {
      expect([skill_id, (await offer(alice, { skill_id })).status]).toEqual([skill_id, 422]);
    }
  });

  test('a second listing of the same skill is 409, another seller’s is not', async () => {
    await offer(alice, { skill_id: 'twice' });
    expect((await offer(alice, { skill_id: 'twice' })).body.code).toBe('duplicate_listing');
    expect((await offer(bob, { skill_id: 'twice' })).status).toBe(201);
  });

  test('a seller may have 1,000, and not one more by asking for several at once', async () => {
    const seller = await newAgent(api, { display_name: 'Prolific' });
    const many = Array.from({ length: 998 }, (_, n) => ({
      listing_id: randomUUID(),
      seller_agent_id: seller.id,
      skill_id: `many-${n}`,
      base_price: 100n,
      status: 'archived' as const,
      seller_display_name: 'Prolific',
      seller_capabilities: [],
      seller_capabilities_text: '',
      seller_active: true,
      created_at: new Date(),
      updated_at: new Date(),
    }));
    await api.db.insertInto('listings').values(many).execute();
    const replies = await Promise.all(Array.from({ length: 6 }, () => offer(seller)));
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 201, 409, 409, 409, 409,
    ]);
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'invalid_state', detail: expect.stringContaining('1000') });
  });

  testRefusals('a listing', (listing: Record<string, unknown>) => offer(alice, listing), [
    ['skill_id', { skill_id: '' }],
    ['skill_id', { skill_id: 'x'.repeat(65) }],
    ['base_price', { base_price: '0.00' }],
    ['base_price', { base_price: '1000000.01' }],
    ['base_price', { base_price: '1.001' }],
    ['currency', { currency: 'EUR' }],
    ['description', { description: 'x'.repeat(4_097) }],
    ['sla', { sla: 'x'.repeat(16_385) }],
  ]);
});

describe('changing a listing', () => {
  test('changing a listing changes what is sent; null clears', async () => {
    const { body: listing } = await offer(alice, { description: 'Old', sla: { hours: 2 } });
    const path = `/v1/listings/${listing.listing_id}`;
    const priced = await alice.call('PATCH', path, { body: { base_price: 3 } });
    expect(priced.body).toMatchObject({ base_price: '3.00', description: 'Old', sla: { hours: 2 } });
    const cleared = await alice.call('PATCH', path, { body: { description: null, sla: null } });
    expect(cleared.body).toMatchObject({ description: null, sla: null, base_price: '3.00' });
  });

  test('changing a listing is its seller’s: 403 to others, 404 for none', async () => {
    const { body: listing } = await offer(alice);
    const path = `/v1/listings/${listing.listing_id}`;
    expect((await bob.call('PATCH', path, { body: { status: 'paused' } })).body.code).toBe('not_owner');
    const none = `/v1/listings/${NO_ID}`;
    expect((await alice.call('PATCH', none, { body: {} })).status).toBe(404);
    expect(outcomeOf(await alice.call('PATCH', path, { body: { status: 'sold' } }))).toBe('422 status');
  });

  test('a paused or archived listing is there for its seller alone', async () => {
    const { body: listing } = await offer(alice);
    const path = `/v1/listings/${listing.listing_id}`;
    const listed = `/v1/agents/${alice.id}/listings?limit=100`;
    for (const status of ['paused', 'archived']) {
      expect((await alice.call('PATCH', path, { body: { status } })).body.status).toBe(status);
      expect((await call(api, 'GET', path)).status).toBe(404);
      expect((await bob.call('GET', path)).status).toBe(404);
      expect((await bob.call('PATCH', path, { body: {} })).status).toBe(404);
      expect((await alice.call('GET', path)).status).toBe(200);
      const ids = (reply: { body: { items: { listing_id: string }[] } }) =>
        reply.body.items.map((item) => item.listing_id);
      expect(ids(await call(api, 'GET', listed))).not.toContain(listing.listing_id);
      expect(ids(await alice.call('GET', listed))).toContain(listing.listing_id);
    }
  });
});

describe('lists', () => {
  test('lists run newest first, by cursor and by offset alike, to a null cursor', async () => {
    for (let made = 0; made < 5; made += 1) {
      api.clock.advance(1_000);
      await offer(await newAgent(api), { skill_id: 'paged' });
    }
    const path = '/v1/listings?skill_id=paged';
    const all = await call(api, 'GET', path);
    expect(all.body).toMatchObject({ total: 5, limit: 20, offset: 0, next_cursor: null });
    const times = all.body.items.map((item: { created_at: string }) => item.created_at);
    expect(times).toEqual(times.toSorted((a: string, b: string) => (a < b ? 1 : -1)));
    const pages = await readPages(get, `${path}&limit=2`);
    expect(pages.map(({ body }) => body.total)).toEqual([5, 5, 5]);
    expect(itemsOf(pages)).toEqual(all.body.items);
    expect((await call(api, 'GET', `${path}&limit=2&offset=3`)).body.items).toEqual(all.body.items.slice(3));
  });

  test('rows of one moment are neither lost nor shown twice', async () => {
    for (let made = 0; made < 4; made += 1) await offer(await newAgent(api), { skill_id: 'same-moment' });
    const pages = await readPages(get, '/v1/listings?skill_id=same-moment&limit=1');
    expect(new Set(itemsOf(pages).map(({ listing_id }) => listing_id)).size).toBe(4);
  });
});

describe('discovery', () => {
  test('discovery finds by words, skill, capability and price, and says why', async () => {
    await offer(alice, {
      skill_id: 'translate',
      description: 'Translations of long letters',
      base_price: '40.00',
    });
    await offer(bob, { skill_id: 'carpentry', description: 'Tables and chairs', base_price: '9.00' });
    const found = async (query: string) =>
      (await call(api, 'GET', `/v1/discover?${query}`)).body.items.map(
        (item: { skill_id: string }) => item.skill_id,
      );
    expect(await found('q=letters')).toEqual(['translate']);
    expect(await found('q=chair')).toEqual(['carpentry']);
    expect(await found('q=zzyzx')).toEqual([]);
    expect(await found('capability=text-tools&skill_id=translate')).toEqual(['translate']);
    expect(await found('capability=text-tools&skill_id=carpentry')).toEqual([]);
    expect(await found('skill_id=carpentry&max_price=8.99')).toEqual([]);
    expect(await found('skill_id=carpentry&max_price=9')).toEqual(['carpentry']);
    expect(await found('skill_id=carpentry&min_rating=0.1')).toEqual([]);
    const { body } = await call(api, 'GET', '/v1/discover?q=letters');
    expect(body.items[0]).toMatchObject({
      seller_display_name: 'Alice',
      seller_reputation: null,
      base_price: '40.00',
    });
    expect(body.items[0].score.relevance).toBeGreaterThan(0);
    expect(body.items[0].score.trust).toBe(0);
  });

  test('discovery pages by cursor without loss, with and without words', async () => {
    for (let made = 0; made < 5; made += 1) {
      await offer(await newAgent(api), { skill_id: 'juggling', base_price: `${made + 1}.00` });
    }
    for (const query of ['skill_id=juggling', 'q=juggling']) {
      const all = (await call(api, 'GET', `/v1/discover?${query}`)).body;
      expect(all.total).toBe(5);
      expect(itemsOf(await readPages(get, `/v1/discover?${query}&limit=2`))).toEqual(all.items);
    }
  });

  testRefusals('discovery', (query: string) => get(`/v1/discover?${query}`), [
    ['min_rating', 'min_rating=6'],
    ['max_price', 'max_price=1.001'],
    ['q', 'q='],
    ['q', `q=${'x'.repeat(201)}`],
    ['cursor', 'cursor=abc'],
  ]);

  test('a suspended seller is not found', async () => {
    const carol = await newAgent(api);
    await offer(carol, { skill_id: 'vanishing' });
    await operate('POST', `/agents/${carol.id}/suspend`, { note: 'Away.' });
    for (const path of [
      '/discover?skill_id=vanishing',
      '/listings?skill_id=vanishing',
      `/agents/${carol.id}/listings`,
    ])
      expect([path, (await get(`/v1${path}`)).body.items]).toEqual([path, []]);
  });
});
