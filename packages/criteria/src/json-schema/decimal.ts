import { type Run, spend } from './run.ts';

/** digits × 10^exponent, exactly as the shortest text of the double says. */
function toDecimal(value: number): { digits: bigint; exponent: number } {
  const [mantissa = '0', power = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/**
 * Whether `value` is a whole number of `divisor`s, in decimal: 19.99 is 1,999 times 0.01, whatever doubles make of it. The
 * numbers that are divided have fewer than 700 digits, whatever the exponents are.
 */
export function isMultipleOf(run: Run, value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const dividend = toDecimal(value);
  const unit = toDecimal(divisor);
  const shift = dividend.exponent - unit.exponent;
  spend(run, 20 + (Math.abs(shift) >> 2));
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift >= 0
    ? (dividend.digits * scale) % unit.digits === 0n
    : dividend.digits % (unit.digits * scale) === 0n;
}
