/** Significant digits that a double shows at most. */
const DOUBLE_DIGITS_MAX = 17;
/** So few characters without an exponent are at most 15 digits near 1, which every double carries. */
const PLAIN_CHARS_MAX = 15;

/**
 * Whether a JSON number, as it is written, survives a double (RFC 7493): its significant digits, without leading and
 * trailing zeros, are what the double shows at that precision, or its shortest form. So everybody who parses the text sees one
 * number. The two differ where the double lies between two decimals of 17 digits: 1191293655016963.25 is shown as …963.3 at
 * that precision, and as …963.2 by JSON.stringify.
 */
export function survivesDouble(source: string): boolean {
  if (isPlain(source)) return true;
  const digits = significantDigits(source);
  if (digits === '') return true;
  if (digits.length > DOUBLE_DIGITS_MAX) return false;
  const value = Number(source);
  if (!Number.isFinite(value)) return false;
  return significantDigits(value.toPrecision(digits.length)) === digits || isShortestForm(source);
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
