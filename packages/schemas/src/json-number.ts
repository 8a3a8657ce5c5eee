/** Significant digits that a double shows at most. */
const DOUBLE_DIGITS_MAX = 17;
/** So few characters without an exponent are at most 15 digits near 1, which every double carries. */
const PLAIN_CHARS_MAX = 15;

/**
 * Whether a JSON number, as it is written, survives a double (RFC 7493): its significant digits, without leading and
 * trailing zeros, are what the double shows at that precision. So everybody who parses the text sees one number.
 */
export function survivesDouble(source: string): boolean {
  if (isPlain(source)) return true;
  const digits = significantDigits(source);
  if (digits === '') return true;
  if (digits.length > DOUBLE_DIGITS_MAX) return false;
  const value = Number(source);
  return Number.isFinite(value) && significantDigits(value.toPrecision(digits.length)) === digits;
}

/** Whether the shortest form of the double is this very number, so that its digits may be read off the double. */
export function isShortestForm(source: string): boolean {
  return isPlain(source) || significantDigits(String(Number(source))) === significantDigits(source);
}

function isPlain(source: string): boolean {
  return source.length <= PLAIN_CHARS_MAX && !/e/i.test(source);
}

function significantDigits(number: string): string {
  const [significand = ''] = number.split(/e/i, 1);
  return significand.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
}
