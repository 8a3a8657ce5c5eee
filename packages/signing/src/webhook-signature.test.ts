import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signWebhook } from './sign-webhook.ts';
import { flipBit, loadVectors } from './testing/vectors.ts';
import { verifyWebhook } from './verify-webhook.ts';
import { createWebhookSecret } from './webhook-secret.ts';

interface WebhookVector {
  name: string;
  secrets: string[];
  attempt: number;
  deliveryId: string;
  timestamp: number;
  body: string;
  headers: Record<string, string>;
}
const { vectors } = loadVectors<{ vectors: WebhookVector[] }>('webhook-signatures');

const STANDARD = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
const only = (headers: Record<string, string>, standard: boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => STANDARD.includes(name) === standard));

describe('webhook signatures', () => {
  test.each(vectors)('a webhook is signed and verified as in the test vector: $name', (vector) => {
    expect(signWebhook(vector)).toEqual(vector.headers);
    const check = { body: vector.body, secrets: vector.secrets, nowSeconds: vector.timestamp };
    expect(verifyWebhook({ ...check, headers: vector.headers })).toEqual({
      valid: true,
      scheme: 'standard',
      deliveryId: vector.deliveryId,
    });
    expect(verifyWebhook({ ...check, headers: only(vector.headers, false) })).toEqual({
      valid: true,
      scheme: 'older',
      deliveryId: null,
    });
  });

  test('the Standard Webhooks library verifies what is signed here, with either secret of a rotation', () => {
    const secrets = [createWebhookSecret(), createWebhookSecret()];
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = signWebhook({ secrets, deliveryId: 'd-1', timestamp, body: '{"event":"ping"}' });
    for (const secret of secrets) {
      expect(new Webhook(secret).verify('{"event":"ping"}', headers)).toEqual({ event: 'ping' });
      expect(() => new Webhook(secret).verify('{"event":"pong"}', headers)).toThrow();
    }
    expect(() => new Webhook(createWebhookSecret()).verify('{"event":"ping"}', headers)).toThrow();
  });

  test('what the Standard Webhooks library signs verifies here', () => {
    const secret = createWebhookSecret();
    const signature = new Webhook(secret).sign('msg_1', new Date(1_700_000_000_000), '{}');
    const headers = new Headers({
      'Webhook-Id': 'msg_1',
      'Webhook-Timestamp': '1700000000',
      'Webhook-Signature': `v1a,xx ${signature}`,
    });
    expect(verifyWebhook({ headers, body: '{}', secrets: [secret], nowSeconds: 1_700_000_100 }).valid).toBe(
      true,
    );
  });

  test('during a rotation a receiver that holds either secret verifies the standard header on every attempt', () => {
    const [old, fresh] = [createWebhookSecret(), createWebhookSecret()];
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      const headers = signWebhook({
        secrets: [fresh, old],
        deliveryId: 'd',
        timestamp: 9,
        body: 'b',
        attempt,
      });
      for (const secret of [old, fresh]) {
        expect(verifyWebhook({ headers, body: 'b', secrets: [secret], nowSeconds: 9 }).valid).toBe(true);
      }
    }
  });

  test('during a rotation a receiver of the older header verifies one of the first two attempts, and both with both', () => {
    const [old, fresh] = [createWebhookSecret(), createWebhookSecret()];
    const attempts = [1, 2].map((attempt) =>
      only(signWebhook({ secrets: [fresh, old], deliveryId: 'd', timestamp: 9, body: 'b', attempt }), false),
    );
    const holds = (secrets: string[]): boolean[] =>
      attempts.map((headers) => verifyWebhook({ headers, body: 'b', secrets, nowSeconds: 9 }).valid);
    expect(holds([fresh])).toEqual([true, false]);
    expect(holds([old])).toEqual([false, true]);
    expect(holds([old, fresh])).toEqual([true, true]);
  });

  test('no bit of the body, and no character of a signed header, can change', () => {
    const secrets = [createWebhookSecret()];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(4095), fc.boolean(), (body, bit, standard) => {
        const headers = only(
          signWebhook({ secrets, deliveryId: 'd1', timestamp: 1_000_000, body }),
          standard,
        );
        const check = { headers, body, secrets, nowSeconds: 1_000_000 };
        expect(verifyWebhook(check).valid).toBe(true);
        expect(verifyWebhook({ ...check, body: flipBit(body, bit) }).valid).toBe(false);
        for (const [name, value] of Object.entries(headers)) {
          const at = bit % value.length;
          const changed = value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1);
          expect(verifyWebhook({ ...check, headers: { ...headers, [name]: changed } }).valid).toBe(false);
        }
      }),
    );
  });

  test('a signature of one family does not pass for the other', () => {
    const secret = createWebhookSecret();
    const headers = signWebhook({ secrets: [secret], deliveryId: 'd', timestamp: 5, body: 'b' });
    const crossed = {
      ...headers,
      'webhook-signature': `v1,${Buffer.from(headers['X-Webhook-Signature'] ?? '', 'hex').toString('base64')}`,
    };
    expect(verifyWebhook({ headers: crossed, body: 'b', secrets: [secret], nowSeconds: 5 })).toEqual({
      valid: false,
      reason: 'signature_mismatch',
    });
  });
});

describe('what is refused, and why', () => {
  const secrets = [createWebhookSecret()];
  const headers = signWebhook({ secrets, deliveryId: 'd', timestamp: 10_000, body: 'b' });
  const reason = (change: object): unknown =>
    verifyWebhook({ headers, body: 'b', secrets, nowSeconds: 10_000, ...change });

  test.each([[true], [false]])('the tolerance window ends exactly, either way (standard: %p)', (standard) => {
    const family = only(headers, standard);
    for (const nowSeconds of [9_700, 10_300])
      expect(reason({ headers: family, nowSeconds })).toMatchObject({ valid: true });
    for (const nowSeconds of [9_699, 10_301]) {
      expect(reason({ headers: family, nowSeconds })).toEqual({
        valid: false,
        reason: 'timestamp_out_of_tolerance',
      });
    }
    expect(reason({ headers: family, nowSeconds: 10_006, toleranceSeconds: 5 })).toMatchObject({
      valid: false,
    });
  });

  test.each([
    ['no headers', {}, 'missing_headers'],
    ['half of the standard family', { 'webhook-id': 'd', ...only(headers, false) }, 'missing_headers'],
    ['half of the older family', { 'X-Webhook-Timestamp': '10000' }, 'missing_headers'],
    ['a time that is no number', { ...headers, 'webhook-timestamp': '1e4' }, 'malformed_headers'],
    ['an empty id', { ...headers, 'webhook-id': '' }, 'malformed_headers'],
    ['a header sent twice', { ...headers, 'webhook-timestamp': ['10000', '10000'] }, 'malformed_headers'],
    ['a thousand signatures', { ...headers, 'webhook-signature': 'v1,a '.repeat(1000) }, 'malformed_headers'],
    [
      'an older signature that is no hex',
      { ...only(headers, false), 'X-Webhook-Signature': 'zz' },
      'malformed_headers',
    ],
    ['a signature of another version', { ...headers, 'webhook-signature': 'v2,abc' }, 'signature_mismatch'],
    ['a prototype', Object.create(headers) as object, 'missing_headers'],
  ])('%s', (_, changed, expected) => {
    expect(reason({ headers: changed })).toEqual({ valid: false, reason: expected });
  });

  test.each([[[]], [['']], [['whsec_']], [['whsec_c2hvcnQ=']], [['plain']]])(
    'secrets %j verify nothing',
    (unusable) => {
      expect(reason({ secrets: unusable })).toEqual({ valid: false, reason: 'no_usable_secret' });
      expect(reason({ secrets: unusable, headers: only(headers, false) })).toMatchObject({
        reason: 'no_usable_secret',
      });
    },
  );

  test.each([
    ['no secret', { secrets: [] }],
    ['a malformed secret', { secrets: ['whsec_x'] }],
    ['a dot in the id', { deliveryId: 'a.b' }],
    ['a fraction of a second', { timestamp: 1.5 }],
    ['attempt zero', { attempt: 0 }],
  ])('nothing is signed with %s', (_, change) => {
    expect(() => signWebhook({ secrets, deliveryId: 'd', timestamp: 1, body: '', ...change })).toThrow(
      TypeError,
    );
  });

  test('a fresh secret is whsec_ and 32 random bytes', () => {
    expect(createWebhookSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(createWebhookSecret()).not.toBe(createWebhookSecret());
  });
});
