const AMOUNT = /^(\d{1,10})(?:\.(\d{1,2}))?$/;

/** Cents of an amount such as "12.50" or 12.5; null for what is none. */
export function centsIn(amount: unknown): bigint | null {
  const text = typeof amount === 'number' || typeof amount === 'string' ? String(amount) : '';
  const [, whole, fraction = ''] = AMOUNT.exec(text) ?? [];
  return whole === undefined ? null : BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
}
