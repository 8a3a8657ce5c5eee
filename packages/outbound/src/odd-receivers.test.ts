import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ExchangeResult } from './exchange-result.ts';
import { createOutbound, type Outbound } from './outbound.ts';
import type { Behaviour } from './testing/behaviours.ts';
import { type HostileReceiver, startHostileReceiver } from './testing/hostile-receiver.ts';

let receiver: HostileReceiver;
let outbound: Outbound;
beforeAll(async () => {
  receiver = await startHostileReceiver();
  outbound = createOutbound({
    allowPrivate: true,
    timeoutMs: 5_000,
    userAgent: 'test/1',
    clock: { now: () => new Date() },
  });
});
afterAll(async () => {
  await outbound.close();
  await receiver.close();
});

const post = (url: string, body = '{"event":"ping"}'): Promise<ExchangeResult> =>
  outbound.post({ url, headers: { 'webhook-id': 'd1' }, body });

describe('a receiver whose HTTP is unusual', () => {
  const answered: [Behaviour, number, string][] = [
    ['continue-first', 200, 'thanks'],
    ['many-continues', 202, ''],
    ['continue-in-pieces', 200, 'thanks'],
    ['early-hints', 200, ''],
    ['processing-first', 200, ''],
    ['no-reason', 200, ''],
    ['folded-header', 200, 'thanks'],
    ['bare-newlines', 200, 'thanks'],
    ['chunked-with-extras', 200, 'thanks'],
    ['until-closed', 200, 'thanks'],
    ['no-content-with-body', 204, ''],
    ['http-1.0', 200, 'thanks'],
    ['gzip-body', 200, '(encoded body, not shown)'],
    ['half-close', 200, 'thanks'],
    ['reset-after-keep-alive', 200, 'thanks'],
    ['ok-then-garbage', 200, 'thanks'],
    ['moved-permanently', 301, ''],
    ['status-999', 999, ''],
  ];
  test.each(answered)(
    '(%s) has answered, with status %i, and was sent the request once',
    async (behaviour, status, bodyText) => {
      const before = receiver.requests.length;
      expect(await post(receiver.url(behaviour))).toMatchObject({ ok: true, status, bodyText });
      expect(receiver.requests.length - before).toBe(1);
    },
  );

  const failed: [Behaviour, string][] = [
    ['continue-and-closed', 'The connection was closed before the answer was complete.'],
    ['status-099', 'The answer is not valid HTTP: its status is 099.'],
    ['two-digits', 'The answer is not valid HTTP'],
    ['one-huge-header', 'The answer has more header bytes than are accepted.'],
  ];
  test.each(failed)(
    '(%s) has not answered, the request was sent once, and the reason is said',
    async (behaviour, message) => {
      const before = receiver.requests.length;
      const result = await post(receiver.url(behaviour));
      expect(result).toMatchObject({
        ok: false,
        phase: 'response',
        message: expect.stringContaining(message),
      });
      expect(receiver.requests.length - before).toBe(1);
    },
  );

  test('a receiver whose HTTP is unusual has answered also where it did so before it read the request', async () => {
    const hasty = await startHostileReceiver({ onConnect: 'early-answer' });
    const result = await post(hasty.url('ok'), 'x'.repeat(60_000));
    expect(result).toMatchObject({ ok: true, status: 413 });
    await hasty.close();
  });

  test('a receiver whose HTTP is unusual does not spoil the next exchange with it, nor one with another', async () => {
    const other = await startHostileReceiver();
    for (const [behaviour] of [...answered, ...failed]) {
      await post(receiver.url(behaviour));
      expect([behaviour, (await post(receiver.url('ok'))).ok, (await post(other.url('ok'))).ok]).toEqual([
        behaviour,
        true,
        true,
      ]);
    }
    await other.close();
  });
});

test('whatever bytes a receiver answers with, the outcome is one of those that are described', async () => {
  const pieces = fc.constantFrom(
    'HTTP/1.1 ',
    'HTTP/1.0 ',
    '100',
    '200',
    '099',
    '000',
    '1',
    ' ',
    'OK',
    '\r\n',
    '\n',
    '\r\n\r\n',
    ':',
    'content-length: 2',
    'transfer-encoding: chunked',
    '0',
    'ab',
    '\u0000',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (said) => {
      const odd = await startHostileReceiver({ says: said.join('') });
      const result = await post(odd.url('ok'));
      await odd.close();
      if (!result.ok) {
        expect(result.message).toMatch(/^[A-Z].*\.$/);
        expect(result.message).not.toMatch(/ASSERT/);
      } else expect(result.status).toBeGreaterThanOrEqual(200);
    }),
    { numRuns: 150 },
  );
});
