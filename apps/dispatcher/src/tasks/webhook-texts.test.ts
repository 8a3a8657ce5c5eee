import { createServer } from 'node:http';
import { findAttempt, findDelivery } from '@agent-registry/db';
import { claimAttempt, recordAttempt } from '@agent-registry/operations';
import { listen } from '@agent-registry/servers';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openRegistry } from '../testing/open-registry.ts';
import { createWebhookBench } from '../testing/webhook-bench.ts';

const registry = await openRegistry();
/** What the stranger's server answers. */
let answer = { status: 200, body: Buffer.alloc(0), type: 'text/plain' };
const HOUR_MS = 3_600_000;
const bench = createWebhookBench(() => registry);

const receiver = await listen(
  createServer((req, res) => {
    req.resume();
    res.writeHead(answer.status, { 'content-type': answer.type, connection: 'close' }).end(answer.body);
  }),
);
afterAll(() => receiver.close());
const url = `${receiver.url}/hook`;

const isStorable = (text: string | null): boolean =>
  text === null || (text.isWellFormed() && !text.includes('\0') && text.length <= 1_024);

const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0xd83d, 0xde00)), {
    maxLength: 1_500,
  })
  .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''));

test('whatever bytes an endpoint answers, its attempt is recorded, and the task is not sent again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(200, 400, 404, 500, 503),
      fc.oneof(
        fc.uint8Array({ maxLength: 4_000 }).map((bytes) => Buffer.from(bytes)),
        anyUnits.map((text) => Buffer.from(text, 'utf16le')),
        anyUnits.map((text) => Buffer.from(JSON.stringify(text))),
      ),
      async (status, body) => {
        answer = { status, body, type: 'application/json' };
        registry.clock.advance(HOUR_MS);
        const parcel = await bench.parcel(url);
        expect((await registry.dispatch(parcel.spec)).status).toBe(200);
        const attempt = await bench.attempt(parcel);
        expect(attempt?.status).toBe(status);
        expect([attempt?.response ?? null, attempt?.error ?? null].every(isStorable)).toBe(true);
        expect(isStorable((await findDelivery(registry.database.db, parcel.deliveryId))!.last_error)).toBe(
          true,
        );
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

test('whatever text an error of an attempt has, it is recorded as the delivery’s last error', async () => {
  await fc.assert(
    fc.asyncProperty(anyUnits, async (error) => {
      registry.clock.advance(HOUR_MS); // what one endpoint may be sent is counted by the hour
      const { deliveryId } = await bench.parcel(url);
      const name = { deliveryId, cycle: 1, attempt: 1 };
      const { value: claim } = await registry.run((op) =>
        claimAttempt(op, { ...name, leaseMs: 20_000, targetUrl: url }),
      );
      if (claim.kind !== 'claimed') throw new Error(`the attempt is ${JSON.stringify(claim)}`);
      const outcome = { kind: 'unanswered', phase: 'connect', error, sent: true } as const;
      const report = { ...name, token: claim.token, targetUrl: url, durationMs: 1, outcome };
      await registry.run((op) => recordAttempt(op, report));
      const { last_error: lastError } = (await findDelivery(registry.database.db, deliveryId))!;
      expect(lastError).toMatch(/^connect: /);
      expect(isStorable(lastError)).toBe(true);
      expect((await findAttempt(registry.database.db, name))?.finished_at).not.toBeNull();
    }),
    { numRuns: 40 },
  );
}, 60_000);
