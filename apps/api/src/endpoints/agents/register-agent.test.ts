import { generateKeyPair } from '@agent-registry/signing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call } from '../../testing/call.ts';
import { startApi, type TestApi } from '../../testing/start-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const register = (body: unknown, headers: Record<string, string> = {}) =>
  call(api, 'POST', '/v1/agents', { body, headers });

test('anybody with a key registers, and is shown the webhook secret this once', async () => {
  const { publicKey } = generateKeyPair();
  const reply = await register({ public_key: publicKey, display_name: 'Alice', capabilities: ['summarise'] });
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
  });
  expect(reply.body.webhook_secret).toMatch(/^whsec_/);
  expect(reply.headers.get('location')).toBe(`/v1/agents/${reply.body.agent_id}`);
  const seen = await call(api, 'GET', `/v1/agents/${reply.body.agent_id}`);
  expect(seen.text).not.toContain('whsec_');
});
