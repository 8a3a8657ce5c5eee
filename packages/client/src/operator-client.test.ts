import { afterEach, expect, test } from '@jest/globals';
import { createOperatorClient } from './operator-client.ts';
import { type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

test('an operator client sends its key, and an idempotency key with what moves money', async () => {
  server = await startScriptedServer([{ status: 200, body: { transfer_id: 't' } }]);
  const operator = createOperatorClient({ baseUrl: server.baseUrl, operatorKey: 'op-key' });
  const input = { agent_id: '01930000-0000-7000-8000-000000000001', amount: '5.00', reference: 'wire 1' };
  await expect(operator.operatorDeposit(input)).resolves.toEqual({ transfer_id: 't' });
  const [seen] = server.seen;
  expect(seen).toMatchObject({ method: 'POST', url: '/v1/operator/deposits' });
  expect(JSON.parse(seen!.body)).toEqual(input);
  expect(seen!.headers).toMatchObject({ 'x-operator-key': 'op-key', 'idempotency-key': expect.any(String) });
  expect(seen!.headers).not.toHaveProperty('signature');
});

test('an operator client names whose agent it asks about in the path, where an agent would name itself', async () => {
  server = await startScriptedServer([{ status: 200, body: {} }]);
  const operator = createOperatorClient({ baseUrl: server.baseUrl, operatorKey: 'op-key' });
  await operator.operatorSuspend({ agent_id: 'a-1', note: 'asked to' });
  expect(server.seen[0]!.url).toBe('/v1/operator/agents/a-1/suspend');
});

test('an operator client iterates over the pages of a list', async () => {
  server = await startScriptedServer([
    { status: 200, body: { items: [{ audit_id: '1' }], next_cursor: 'more' } },
    { status: 200, body: { items: [{ audit_id: '2' }], next_cursor: null } },
  ]);
  const operator = createOperatorClient({ baseUrl: server.baseUrl, operatorKey: 'op-key' });
  const entries: string[] = [];
  for await (const { audit_id } of operator.iterate('operatorListAudit')) entries.push(audit_id);
  expect(entries).toEqual(['1', '2']);
});

test.each(['two\nlines', 'two words', '', 'ключ'])(
  'an operator key that no header can carry (case %#) is refused without being shown',
  async (operatorKey) => {
    server = await startScriptedServer([]);
    const make = () => createOperatorClient({ baseUrl: server.baseUrl, operatorKey });
    expect(make).toThrow(new TypeError('an operator key is visible ASCII without spaces'));
  },
);
