import { z } from 'zod';
import { dayMs, duration, hourMs, integer, matching, secondMs } from './variables.ts';

const ppmDigits = 6;

const deadlineMaxMs = 365 * dayMs;
const deadlineWarningMs = hourMs;
const eventRetentionMs = 30 * dayMs;
const secretOverlapMs = 24 * hourMs;

// Read digit by digit: 0.07 as a float is not seven hundredths.
const feeRate = () =>
  matching(
    /^0(\.\d{1,6})?$/,
    `a fraction from 0 to less than 1 with at most ${ppmDigits} decimals`,
  ).transform((value) => BigInt((value.split('.')[1] ?? '').padEnd(ppmDigits, '0')));

export const feeRatePpm = z
  .object({ PLATFORM_FEE_PERCENT: feeRate().default(25_000n) })
  .transform((env) => env.PLATFORM_FEE_PERCENT);

const cents = () =>
  matching(/^\d{1,7}(\.\d{1,2})?$/, 'an amount with at most two decimals').transform((value) => {
    const [whole = '', decimals = ''] = value.split('.');
    return BigInt(whole + decimals.padEnd(2, '0'));
  });

const variables = z.object({
  PLATFORM_FEE_PERCENT: feeRate().default(25_000n).catch(0n), // `feeRatePpm` reports it
  PROPOSAL_EXPIRY_DAYS: duration(dayMs, 365).default(7 * dayMs),
  FUNDING_WINDOW_HOURS: duration(hourMs, 8_760).default(72 * hourMs),
  REVIEW_WINDOW_HOURS: duration(hourMs, 8_760).default(72 * hourMs),
  DISPUTE_WINDOW_HOURS: duration(hourMs, 8_760).default(72 * hourMs),
  DISPUTE_RESOLUTION_DAYS: duration(dayMs, 365).default(14 * dayMs),
  DELIVERY_DEADLINE_DEFAULT_DAYS: duration(dayMs, 365).default(30 * dayMs),
  MAX_DELIVERIES: integer(1, 100).default(5),
  VERIFICATION_ERROR_HOURS: duration(hourMs, 8_760).default(24 * hourMs),
  VERDICT_FAIL_STEP_SECONDS: integer(0, 60).default(5),
  WEBHOOK_MAX_RETRIES: integer(0, 5).default(5),
  WEBHOOK_DELAY_UNIT_MS: integer(1, 1_000).default(1_000),
  REPUTATION_FULL_FEES: cents().optional(),
  REPUTATION_COUNTERPARTIES: integer(1, 1_000).default(5),
});

/** Reviews are weighed by fees, so REPUTATION_FULL_FEES must be 0 where no fee is taken. */
const weighable = variables.refine(
  (env) => env.PLATFORM_FEE_PERCENT > 0n || (env.REPUTATION_FULL_FEES ?? 0n) === 0n,
  { path: ['REPUTATION_FULL_FEES'], error: 'must be 0 where PLATFORM_FEE_PERCENT is 0' },
);

/** The rules of the market; durations in milliseconds, the fee in parts per million of the price. */
export const marketRules = weighable.transform((env) => ({
  feeRatePpm: Number(env.PLATFORM_FEE_PERCENT),
  proposalExpiryMs: env.PROPOSAL_EXPIRY_DAYS,
  fundingWindowMs: env.FUNDING_WINDOW_HOURS,
  reviewWindowMs: env.REVIEW_WINDOW_HOURS,
  disputeWindowMs: env.DISPUTE_WINDOW_HOURS,
  disputeResolutionMs: env.DISPUTE_RESOLUTION_DAYS,
  deadlineDefaultMs: env.DELIVERY_DEADLINE_DEFAULT_DAYS,
  deadlineMaxMs,
  deadlineWarningMs,
  maxDeliveries: env.MAX_DELIVERIES,
  verificationErrorMs: env.VERIFICATION_ERROR_HOURS,
  verdictFailStepMs: env.VERDICT_FAIL_STEP_SECONDS * secondMs,
  webhookMaxAttempts: env.WEBHOOK_MAX_RETRIES + 1,
  webhookDelayUnitMs: env.WEBHOOK_DELAY_UNIT_MS,
  eventRetentionMs,
  secretOverlapMs,
  reputation: {
    fullFees: env.REPUTATION_FULL_FEES ?? (env.PLATFORM_FEE_PERCENT > 0n ? 500n : 0n),
    counterparties: env.REPUTATION_COUNTERPARTIES,
  },
}));
