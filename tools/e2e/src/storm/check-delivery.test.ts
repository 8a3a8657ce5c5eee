import { expect, test } from '@jest/globals';
import type { AttemptEntry, DeliveryEntry } from './books.ts';
import { checkDelivery } from './check-delivery.ts';

const unitMs = 10;
const waits = [1, 5, 30, 300, 1800];
const at = (ms: number) => new Date(1_000_000 + ms);

/** The log of so many failed attempts, each made as it became due. */
function failures(count: number): AttemptEntry[] {
  let due = 0;
  return Array.from({ length: count }, (_, index) => {
    const [startedAt, finishedAt] = [at(due), at(due + 1)];
    const wait = waits[index];
    due += 1 + (wait ?? 0) * unitMs;
    const next = wait === undefined ? null : at(due);
    const failure = { phase: 'connect', status: null, error: 'refused', nextAttemptAt: next };
    return { cycle: 1, attempt: index + 1, startedAt, finishedAt, ...failure };
  });
}

function entry(change: Partial<DeliveryEntry>): DeliveryEntry {
  const log = change.log ?? [];
  const attempts = log.filter(({ finishedAt }) => finishedAt !== null).length;
  const common = { deliveryId: 'd', agentId: 'a', event: 'ping', jobId: null, cycle: 1, attempts, log };
  return { ...common, status: 'pending', exhausted: false, finishedAt: null, ahead: [], ...change };
}

const success: AttemptEntry = {
  ...failures(1)[0]!,
  phase: null,
  status: 204,
  error: null,
  nextAttemptAt: null,
};
const delivered = entry({ status: 'delivered', finishedAt: at(1), log: [success] });
const exhausted = entry({ status: 'failed', exhausted: true, finishedAt: at(1), log: failures(6) });
const ahead = (attempt: number, dueMs: number) => [
  { kind: 'webhook', subject: 'd', cycle: 1, attempt, dueAt: at(dueMs) },
];
const pending = entry({ log: failures(2), ahead: ahead(3, 1_000) });
const live = { isDead: false, arrivals: 1, unitMs };
const dead = { isDead: true, arrivals: 0, unitMs };

test.each([
  ['a delivery that came', delivered, live],
  ['a delivery that nobody was there for, after all attempts', exhausted, dead],
  ['a delivery that is yet to be tried again', pending, dead],
])('the storm accepts %s', (_name, delivery, options) => {
  expect(checkDelivery(delivery, options)).toEqual([]);
});

const without = (index: number) => exhausted.log.filter((_, position) => position !== index);
const changed = (index: number, change: Partial<AttemptEntry>) =>
  exhausted.log.map((one, position) => (position === index ? { ...one, ...change } : one));
test.each<[string, DeliveryEntry, typeof live, string]>([
  ['an event that never came', delivered, { ...live, arrivals: 0 }, 'did not arrive'],
  ['one given up though its receiver was there', exhausted, live, 'is failed though its receiver was there'],
  ['one that waits for nothing', { ...pending, ahead: [] }, dead, 'is pending with 0 outbox entries'],
  [
    'one that waits for the wrong attempt',
    { ...pending, ahead: ahead(2, 1_000) },
    dead,
    'waits for attempt 2',
  ],
  ['one to be tried too early', { ...pending, ahead: ahead(3, 5) }, dead, 'is to be tried before its time'],
  ['one that is over and goes on', { ...exhausted, ahead: ahead(7, 0) }, dead, 'still in the outbox'],
  ['an attempt that is missing', { ...exhausted, log: without(2) }, dead, 'not 1 to n'],
  ['attempts that were not all counted', { ...exhausted, attempts: 5 }, dead, 'counts 5 attempts'],
  [
    'a failure without a reason',
    { ...exhausted, log: changed(1, { error: null }) },
    dead,
    'without a reason',
  ],
  [
    'a delay that is not the schedule’s',
    { ...exhausted, log: changed(0, { nextAttemptAt: at(9) }) },
    dead,
    '8 ms instead of 10 ms',
  ],
  [
    'an attempt before its time',
    { ...exhausted, log: changed(3, { startedAt: at(0) }) },
    dead,
    'attempt 4 came before its time',
  ],
  [
    'an attempt without an end',
    { ...delivered, log: [success, { ...success, attempt: 2, finishedAt: null }] },
    live,
    'with an attempt under way',
  ],
])('the storm finds %s', (_name, delivery, options, fault) => {
  expect(checkDelivery(delivery, options).join('; ')).toContain(fault);
});
