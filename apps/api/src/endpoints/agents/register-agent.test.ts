import { generateKeyPair } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import { call } from '../../../test/call.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();

const register = (profile: Record<string, unknown> = {}) =>
  call(api, 'POST', '/v1/agents', {
    body: { public_key: generateKeyPair().publicKey, display_name: 'Alice', ...profile },
  });

test('anybody with a key registers, and is shown the webhook secret this once', async () => {
  const { publicKey } = generateKeyPair();
  const reply = await register({ public_key: publicKey.toUpperCase(), capabilities: ['summarise'] });
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({
    public_key: publicKey,
    display_name: 'Alice',
    description: null,
    hosting_mode: 'client_only',
    capabilities: ['summarise'],
    status: 'active',
    reputation_seller: null,
    last_seen: null,
    is_online: false,
  });
  expect(reply.body.webhook_secret).toMatch(/^whsec_/);
  expect(reply.headers.get('location')).toBe(`/v1/agents/${reply.body.agent_id}`);
  const seen = await call(api, 'GET', `/v1/agents/${reply.body.agent_id}`);
  expect(seen.text).not.toContain('whsec_');
  const row = await api.db
    .selectFrom('agents')
    .selectAll()
    .where('public_key', '=', publicKey)
    .executeTakeFirst();
  expect(row?.webhook_secret).not.toContain('whsec_');
});

test.each([
  ['of small order', `${'0'.repeat(64)}`],
  ['too short', 'ab'],
])('a key that is %s is 422', async (_what, publicKey) => {
  const reply = await register({ public_key: publicKey });
  expect([reply.status, reply.body.errors[0].path]).toEqual([422, 'public_key']);
});

test.each(['http://agent.example.com/hook', 'https://10.1.2.3/hook', 'not a url'])(
  'the endpoint %s is 422',
  async (endpoint_url) => {
    const reply = await register({ endpoint_url });
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, 'endpoint_url']);
  },
);

test('with an endpoint the hosting is external, and only external takes one', async () => {
  const endpoint_url = 'https://agent.example.com/hook';
  const external = await register({ endpoint_url });
  expect(external.body).toMatchObject({
    hosting_mode: 'external',
    endpoint_url,
    endpoint: { state: 'enabled' },
  });
  const other = await register({ endpoint_url, hosting_mode: 'websocket' });
  expect([other.status, other.body.errors[0].path]).toEqual([422, 'endpoint_url']);
  const without = await register({ hosting_mode: 'external' });
  expect([without.status, without.body.errors[0]]).toEqual([
    422,
    { path: 'endpoint_url', message: 'is required for hosting_mode external' },
  ]);
});

testRefusals('a registration', register, [
  ['display_name', { display_name: '' }],
  ['display_name', { display_name: 'x'.repeat(129) }],
  ['display_name', { display_name: 7 }],
  ['display_name', { display_name: 'Al\u202eice' }],
  ['description', { description: 'x'.repeat(4_097) }],
  ['capabilities', { capabilities: Array.from({ length: 21 }, (_, i) => `c${i}`) }],
  ['capabilities.0', { capabilities: ['with space'] }],
  ['hosting_mode', { hosting_mode: 'cloud' }],
]);
