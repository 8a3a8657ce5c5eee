import { beforeEach, expect, test } from '@jest/globals';
import type { TestAgent } from '../../../test/call.ts';
import { newJob, newMarket } from '../../../test/market.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
let client: TestAgent;
let seller: TestAgent;
beforeEach(async () => {
  ({ client, seller } = await newMarket(api));
});

const read = (agent: TestAgent, query = '', headers: Record<string, string> = {}) =>
  agent.call('GET', `/v1/agents/${agent.id}/events${query}`, { headers });

test('an agent without an endpoint reads each of its events once, page by page, as its webhooks would tell them', async () => {
  const jobId = await newJob({ client, seller }, 'completed');
  const webhooks = (await seller.call('GET', `/v1/agents/${seller.id}/webhooks`)).body.toReversed();
  const items = [];
  for (let next = '0'; ; ) {
    const { body } = await read(seller, `?after=${next}&limit=2`);
    items.push(...body.items);
    if (body.items.length === 0) break;
    next = body.next;
  }
  expect(items.map(({ event }) => event)).toEqual([
    'job.proposed',
    'job.accepted',
    'job.funded',
    'job.completed',
  ]);
  for (const [index, { webhook_id, event_id, created_at, cursor, ...body }] of items.entries()) {
    expect(body).toEqual(JSON.parse(webhooks[index].body));
    expect([webhook_id, created_at]).toEqual([webhooks[index].delivery_id, webhooks[index].created_at]);
    expect(body.job_id).toBe(jobId);
    expect((await read(seller, `?after=${cursor}`)).body.items).toEqual(items.slice(index + 1));
    expect(event_id).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('an empty feed answers with a cursor that finds what comes later', async () => {
  const { status, body } = await read(seller);
  expect([status, body]).toEqual([200, { items: [], next: '0' }]);
  await newJob({ client, seller }, 'proposed');
  expect((await read(seller, `?after=${body.next}`)).body.items).toMatchObject([{ event: 'job.proposed' }]);
});

test('a request that waits for an event is answered when one is committed', async () => {
  const waiting = read(seller, '', { Prefer: 'wait=25' });
  const jobId = await newJob({ client, seller }, 'proposed');
  const { status, body, headers } = await waiting;
  expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=25']);
  expect(body.items).toMatchObject([{ event: 'job.proposed', job_id: jobId }]);
});

test('a cursor that the feed never gave is refused as gone, and one that no feed gives as a fault', async () => {
  await newJob({ client, seller }, 'proposed');
  const { next } = (await read(seller)).body;
  const [seq] = next.split('-');
  for (const after of [`9${next}`, `${seq}-00000000`]) {
    const { status, body } = await read(seller, `?after=${after}`);
    expect([status, body.code]).toEqual([410, 'cursor_gone']);
    expect(body.detail).toMatch('never gave that cursor');
  }
  for (const after of ['', 'x', '-1', '1', `${next}0`]) {
    expect((await read(seller, `?after=${after}`)).body.code).toBe('validation_failed');
  }
});

test('a cursor is refused as gone once an event after it is no longer kept, and not before', async () => {
  await newJob({ client, seller }, 'agreed');
  const [first, second] = (await read(seller)).body.items;
  const at = (seq: string) => ({ deleted_seq: BigInt(seq.split('-')[0]!) });
  const forget = (cursor: string) =>
    api.db.updateTable('event_feeds').set(at(cursor)).where('agent_id', '=', seller.id).execute();
  await forget(first.cursor);
  await api.db.deleteFrom('webhook_deliveries').where('delivery_id', '=', first.webhook_id).execute();
  expect((await read(seller, `?after=${first.cursor}`)).body.items).toEqual([second]);
  // A reader that kept the place before all events has missed one; who begins anew has not.
  expect((await read(seller, '?after=0')).body.code).toBe('cursor_gone');
  expect((await read(seller)).body.items).toEqual([second]);
  await forget(second.cursor);
  const { status, body } = await read(seller, `?after=${first.cursor}`);
  expect([status, body.code]).toEqual([410, 'cursor_gone']);
  expect(body.detail).toMatch('no longer kept');
});

test('long polls of feeds take no slot of those for a verdict, and one too many is refused', async () => {
  const release = Promise.withResolvers<void>();
  const following = Array.from({ length: 200 }, (_, index) =>
    api.context.feedPolls.run(`agent-${index}`, () => release.promise),
  );
  const waiting = api.context.outcomePolls.run('another', async () => 'a verdict');
  await expect(waiting).resolves.toBe('a verdict');
  const { next } = (await read(seller)).body;
  const reply = await read(seller, `?after=${next}`, { prefer: 'wait=1' });
  expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
  release.resolve();
  await Promise.all(following);
});
