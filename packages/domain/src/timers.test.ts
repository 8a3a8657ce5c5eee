import { JOB_STATUSES, type MarketRules } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { type TimedJob, wantedTimers } from './timers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RULES: MarketRules = {
  feeRatePpm: 25_000,
  proposalExpiryMs: 7 * DAY,
  fundingWindowMs: 72 * HOUR,
  reviewWindowMs: 72 * HOUR,
  disputeWindowMs: 72 * HOUR,
  disputeResolutionMs: 14 * DAY,
  deadlineDefaultMs: 30 * DAY,
  deadlineMaxMs: 365 * DAY,
  deadlineWarningMs: HOUR,
  maxDeliveries: 5,
  verificationErrorMs: 24 * HOUR,
  verdictFailStepMs: 5_000,
  webhookMaxAttempts: 6,
  webhookDelayUnitMs: 1_000,
  eventRetentionMs: 30 * DAY,
  secretOverlapMs: 24 * HOUR,
  reputation: { fullFees: 500n, counterparties: 5 },
};
const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
const job: TimedJob = {
  status: 'proposed',
  hasCriteria: false,
  lastOfferAt: at(0),
  agreedAt: at(1),
  deadline: at(10 * DAY),
  warnedFor: null,
  deliveredAt: at(2),
  failedAt: at(3),
  disputedAt: at(4),
  settled: false,
};

test.each([
  ['proposed', {}, [['proposal_expiry', 7 * DAY]]],
  ['negotiating', {}, [['proposal_expiry', 7 * DAY]]],
  ['agreed', {}, [['funding_window', 1 + 72 * HOUR]]],
  [
    'funded',
    {},
    [
      ['delivery_deadline', 10 * DAY],
      ['deadline_warning', 10 * DAY - HOUR],
    ],
  ],
  [
    'in_progress',
    {},
    [
      ['delivery_deadline', 10 * DAY],
      ['deadline_warning', 10 * DAY - HOUR],
    ],
  ],
  ['in_progress', { warnedFor: at(10 * DAY) }, [['delivery_deadline', 10 * DAY]]],
  ['delivered', {}, [['review_window', 2 + 72 * HOUR]]],
  ['delivered', { hasCriteria: true }, [['verification_limit', 2 + 24 * HOUR]]],
  ['verifying', { hasCriteria: true }, [['verification_limit', 2 + 24 * HOUR]]],
  ['failed', {}, [['dispute_window', 3 + 72 * HOUR]]],
  ['failed', { settled: true }, []],
  ['disputed', {}, [['dispute_resolution', 4 + 14 * DAY]]],
  ['completed', {}, []],
  ['resolved', {}, []],
  ['cancelled', {}, []],
] as const)('the timers of a job that is %s with %o', (status, change, expected) => {
  const wanted = wantedTimers({ ...job, status, ...change }, RULES);
  expect(wanted.map(({ timer, dueAt }) => [timer, dueAt.getTime() - at(0).getTime()])).toEqual(expected);
});

test('every state that is not final has a timer that ends it', () => {
  for (const status of JOB_STATUSES) {
    for (const hasCriteria of [true, false]) {
      const ending = wantedTimers({ ...job, status, hasCriteria }, RULES).filter(
        (w) => w.timer !== 'deadline_warning',
      );
      expect(ending.length).toBe(['completed', 'resolved', 'cancelled'].includes(status) ? 0 : 1);
    }
  }
});
