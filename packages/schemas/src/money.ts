import { z } from 'zod';

/** The largest amount the API takes in one field: 1,000,000.00 credits. */
export const MAX_PRICE_CENTS = 100_000_000n;
/** The largest amount one deposit or withdrawal moves: 1,000,000,000.00 credits. */
export const MAX_TRANSFER_CENTS = 100_000_000_000n;

const DECIMAL = /^(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?$/;

/** Parses a non-negative decimal of at most two places into cents; null when it is not one. */
export function parseCents(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const whole = match[1] ?? '0';
  return BigInt(whole) * 100n + BigInt((match[2] ?? '').padEnd(2, '0'));
}

/** Cents as the wire's decimal string with exactly two places: `-150n` is `"-1.50"`. */
export function formatCents(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export interface MoneyBounds {
  readonly min: bigint;
  readonly max: bigint;
}

/**
 * Money coming in: a decimal string, or a JSON number, of at most two places; cents inside.
 * A number is read by its shortest decimal form and never calculated with; the body's reader has already
 * turned a number that a double cannot carry into its text, so a third decimal is refused, never rounded.
 */
export function moneyIn({ min, max }: MoneyBounds) {
  return z
    .union([z.string().max(32), z.number()])
    .transform((value, context) => {
      const cents = parseCents(String(value));
      if (cents === null) {
        context.addIssue({
          code: 'custom',
          message: 'must be an amount of at most two decimal places, such as "12.50"',
        });
        return z.NEVER;
      }
      if (cents < min || cents > max) {
        context.addIssue({
          code: 'custom',
          message: `must be between ${formatCents(min)} and ${formatCents(max)}`,
        });
        return z.NEVER;
      }
      return cents;
    })
    .meta({
      description: `An amount between ${formatCents(min)} and ${formatCents(max)}, at most two decimal places`,
      examples: ['12.50'],
    });
}

/** How the platform's fee comes to whole cents: fixed with the fee's rate when a job is agreed. */
export const FEE_RULES = ['half_even', 'up'] as const;
export type FeeRule = (typeof FEE_RULES)[number];

/** A price: 0.01 to 1,000,000.00. */
export const priceIn = moneyIn({ min: 1n, max: MAX_PRICE_CENTS });
/** A penalty: 0.00 to 1,000,000.00. */
export const penaltyIn = moneyIn({ min: 0n, max: MAX_PRICE_CENTS });
/** A deposit or withdrawal. */
export const transferIn = moneyIn({ min: 1n, max: MAX_TRANSFER_CENTS });
/** A share of what a dispute holds. */
export const shareIn = moneyIn({ min: 0n, max: 2n * MAX_PRICE_CENTS });

/** Money going out: a decimal string with two places. */
export const moneyOut = z
  .string()
  .regex(/^-?(0|[1-9][0-9]*)\.[0-9]{2}$/)
  .meta({ description: 'Credits as a decimal string with two places', examples: ['12.50'] });
