import { type FeeRule, formatCents } from '@agent-registry/schemas';

const PPM = 1_000_000n;

/**
 * The platform's fee on what a seller earns, in whole cents. The one place that rounds: up, so that dust and split prices pay
 * at least a cent where the rate is not 0; half to even for jobs agreed under that rule.
 *
 * @param earnedCents non-negative.
 * @param ratePpm parts per million: 25,000 is 2.5 %.
 */
export function feeOf(earnedCents: bigint, ratePpm: number, rule: FeeRule): bigint {
  const scaled = earnedCents * BigInt(ratePpm);
  return rule === 'up' ? (scaled + PPM - 1n) / PPM : roundHalfEven(scaled, PPM);
}

/** A fraction of whole numbers as a whole number, half to even. Neither is negative. */
export function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  const twiceRest = (numerator % denominator) * 2n;
  const up = twiceRest > denominator || (twiceRest === denominator && whole % 2n === 1n);
  return up ? whole + 1n : whole;
}

/** The wire's form of the fee: at 25,000 ppm `"0.025"`, `"2.5 %"`, rounded up, at least `"0.01"`. */
export function describeFee(ratePpm: number) {
  return {
    platform_fee_percent: trimmed(ratePpm, 6),
    display: `${trimmed(ratePpm, 4)} %`,
    rounding: 'up' as const,
    minimum: formatCents(ratePpm === 0 ? 0n : 1n),
  };
}

function trimmed(value: number, places: number): string {
  const digits = String(value).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
}
