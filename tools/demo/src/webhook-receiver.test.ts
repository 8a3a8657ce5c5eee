import { createWebhookSecret, signWebhook } from '@agent-registry/signing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

const secret = createWebhookSecret();
const body = JSON.stringify({ event: 'ping', job_id: null, timestamp: '2026-03-01T12:00:00Z', data: {} });
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  receiver.trust(secret);
});
afterEach(() => receiver.close());

async function send(deliveryId: string, wrong: Record<string, string> = {}) {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = signWebhook({ secrets: [secret], deliveryId, timestamp, body });
  return (await fetch(receiver.url, { method: 'POST', headers: { ...headers, ...wrong }, body })).status;
}

test('an event is taken once, however often it is delivered', async () => {
  const next = receiver.next('ping', null);
  expect(await send('d1')).toBe(204);
  expect(await send('d1')).toBe(204);
  expect((await next).event).toBe('ping');
  expect(receiver.unasked()).toEqual([]);
});

test('an event that came before anybody asked for it is not lost', async () => {
  await send('d1');
  expect(receiver.unasked()).toHaveLength(1);
  expect((await receiver.next('ping', null)).event).toBe('ping');
  expect(receiver.unasked()).toEqual([]);
});

test.each(['webhook-signature', 'X-Webhook-Signature'])('a wrong %s is refused', async (name) => {
  const wrong = name === 'webhook-signature' ? `v1,${'A'.repeat(43)}=` : '0'.repeat(64);
  expect(await send('d1', { [name]: wrong })).toBe(401);
  expect(receiver.refusals()).toEqual(['signature_mismatch']);
});
