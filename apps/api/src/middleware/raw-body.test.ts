import { beforeAll, expect, test } from '@jest/globals';
import { call, newAgent, outcomeOf, type TestAgent } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';

const api = useApi();
let alice: TestAgent;
beforeAll(async () => {
  alice = await newAgent(api);
});

const patch = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  alice.call('PATCH', `/v1/agents/${alice.id}`, { raw, headers });

test('a body over 1 MiB is 413, whether its length is declared or not', async () => {
  const large = JSON.stringify({ description: 'x'.repeat(1_048_577) });
  expect((await patch(large)).body.code).toBe('payload_too_large');
  const path = `/v1/agents/${alice.id}`;
  const streamed = await fetch(api.url + path, {
    method: 'PATCH',
    headers: { ...alice.sign('PATCH', path, { raw: large }), 'Content-Type': 'application/json' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(streamed.status).toBe(413);
});

test('a body of exactly 1 MiB is read', async () => {
  const frame = JSON.stringify({ description: '' }).length;
  const reply = await patch(JSON.stringify({ description: 'x'.repeat(1_048_576 - frame) }));
  expect([reply.status, reply.body.errors[0].path]).toEqual([422, 'description']);
});

test('malformed JSON is 400, and so is what is not UTF-8', async () => {
  for (const raw of ['{"display_name":', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])])
    expect(outcomeOf(await patch(raw))).toBe('400 malformed_request');
});

test.each([
  ['application/json; charset=latin1', 415],
  ['application/json; charset="utf-8"', 200],
  ['application/json;charset=UTF-8', 200],
  ['application/merge-patch+json', 200],
])('a body of the type %s answers %d', async (type, status) => {
  expect((await patch('{}', { 'Content-Type': type })).status).toBe(status);
});

test('a body that does not fit its schema is 422, with the path of each field', async () => {
  const reply = await call(api, 'POST', '/v1/agents', {
    body: { public_key: 'no', display_name: '', capabilities: ['ok', 'not ok'] },
  });
  expect(reply.status).toBe(422);
  expect(reply.body.code).toBe('validation_failed');
  expect(reply.body.errors.map((error: { path: string }) => error.path)).toEqual([
    'public_key',
    'display_name',
    'capabilities.1',
  ]);
});
