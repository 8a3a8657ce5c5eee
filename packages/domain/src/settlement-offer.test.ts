import { JOB_STATUSES } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JOB_ACTIONS, JOB_RULES, nextStatus } from './job-machine.ts';
import { offerStands } from './settlement-offer.ts';

/** Actions that say something new of what the work is worth. */
const NEWS = new Set([
  'deliver',
  'pass',
  'refuse_delivery',
  'exhaust',
  'give_up_verifying',
  'fail',
  'deadline',
]);

test('an offer to settle outlives what says nothing of the work, and no delivery, verdict or failure', () => {
  for (const status of JOB_RULES.offer_settlement.from) {
    for (const action of JOB_ACTIONS) {
      const next = nextStatus(status, action);
      if (next === null || !JOB_RULES.accept_settlement.from.includes(next)) continue;
      const deliveries = action === 'deliver' ? 1 : 0;
      const stands = offerStands({ status, deliveries: 0 }, { status: next, deliveries });
      expect({ status, action, stands }).toEqual({ status, action, stands: !NEWS.has(action) });
    }
  }
});

test('an offer to settle never stands again once another delivery was made, nor where no money is held', () => {
  const statuses = fc.constantFrom(...JOB_STATUSES);
  fc.assert(
    fc.property(statuses, statuses, fc.nat(5), fc.nat(5), (from, to, before, after) => {
      if (!offerStands({ status: from, deliveries: before }, { status: to, deliveries: after })) return;
      expect(before).toBe(after);
      for (const status of [from, to]) expect(nextStatus(status, 'accept_settlement')).toBe('resolved');
    }),
  );
});
