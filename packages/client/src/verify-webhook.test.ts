import { createWebhookSecret, signWebhook } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { verifyWebhook } from './verify-webhook.ts';

const secret = createWebhookSecret();
const timestamp = 1_772_366_400;
const body = JSON.stringify({
  event: 'job.accepted',
  job_id: '01930000-0000-7000-8000-00000000000a',
  timestamp: '2026-03-01T12:00:00.000Z',
  data: { accepted_by: 'x', agreed_price: '12.50' },
});
const deliveryId = '01930000-0000-7000-8000-0000000000d1';
const headers = signWebhook({ secrets: [secret], deliveryId, timestamp, body });
const clockAt = (seconds: number) => ({ now: () => new Date(seconds * 1000) });

describe('a webhook', () => {
  test('a genuine webhook is told by its event, with typed data', () => {
    const verified = verifyWebhook({ headers, body, secret, clock: clockAt(timestamp) });
    if (!verified.valid || verified.webhook.event !== 'job.accepted')
      throw new Error('expected job.accepted');
    const price: string = verified.webhook.data.agreed_price;
    expect(price).toBe('12.50');
    expect(verified.deliveryId).toBe(deliveryId);
  });

  test('a webhook verifies from Fetch’s headers and from bytes', () => {
    const received = {
      headers: new Headers(headers),
      body: Buffer.from(body),
      secret,
      clock: clockAt(timestamp),
    };
    expect(verifyWebhook(received).valid).toBe(true);
  });

  test('a webhook verifies under the older of two secrets while one replaces the other', () => {
    const secrets = [createWebhookSecret(), secret];
    expect(verifyWebhook({ headers, body, secret: secrets, clock: clockAt(timestamp) }).valid).toBe(true);
  });

  test('a webhook under a narrower tolerance is refused sooner', () => {
    const received = { headers, body, secret, clock: clockAt(timestamp + 11), toleranceSeconds: 10 };
    expect(verifyWebhook(received)).toEqual({ valid: false, reason: 'timestamp_out_of_tolerance' });
  });

  test('a webhook that is signed but no JSON is refused, not thrown', () => {
    const signed = signWebhook({ secrets: [secret], deliveryId, timestamp, body: 'hello' });
    const received = { headers: signed, body: 'hello', secret, clock: clockAt(timestamp) };
    expect(verifyWebhook(received)).toEqual({ valid: false, reason: 'not_an_event' });
  });
});
