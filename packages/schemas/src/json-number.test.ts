import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isShortestForm, survivesDouble } from './json-number.ts';

test.each([
  '0',
  '-0',
  '-0.0',
  '0e400',
  '0.1',
  '1.10',
  '1.0',
  '1E+2',
  '100000000000000000000',
  '1e20',
  '1e308',
  '5e-324',
  '4.94e-324',
  '1e-323',
  '2.2250738585072014e-308',
  '9007199254740992',
  '1191293655016963.2',
  '1191293655016963.3',
  '9007199254740994',
  '9007199254740992000e-3',
  '9007199254740993e3',
  '0.10000000000000001',
  '0.30000000000000004',
  '12.50000000000000000000',
])('the number %s survives a double', (source) => {
  expect(survivesDouble(source)).toBe(true);
});

test.each([
  '9007199254740993',
  '-9007199254740993',
  '9007199254740993.0',
  '900719925474099.3e1',
  '12345678901234567',
  '123456789012345678',
  '0.1000000000000000055511151231257827',
  '3.141592653589793238',
  '1e400',
  '-1e400',
  '1e-400',
  '3e-324',
  '4e-324',
  '2.225073858507201136e-308',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
])('the number %s does not survive a double', (source) => {
  expect(survivesDouble(source)).toBe(false);
});

test('every finite double survives in the form that JSON.stringify gives it, and in seventeen digits', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, (value) => {
      const shortest = JSON.stringify(value);
      expect([shortest, survivesDouble(shortest), isShortestForm(shortest)]).toEqual([shortest, true, true]);
      expect(survivesDouble(value.toPrecision(17))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('a number survives exactly when its double, printed with as many digits, is equal to it as a decimal', () => {
  const decimal = fc
    .record({
      sign: fc.constantFrom('', '-'),
      digits: fc.stringMatching(/^[1-9][0-9]{0,20}$/),
      point: fc.nat(20),
      exponent: fc.integer({ min: -30, max: 30 }),
    })
    .map(({ sign, digits, point, exponent }) => {
      const at = Math.min(point, digits.length - 1);
      const text = at === 0 ? digits : `${digits.slice(0, -at)}.${digits.slice(-at)}`;
      return `${sign}${text}e${exponent}`;
    });
  fc.assert(
    fc.property(decimal, (source) => {
      const exact = toFraction(source);
      const shown = toFraction(Number(source).toPrecision(17));
      const few = BigInt(exact.digits).toString().replace(/0+$/, '').length;
      const printed = toFraction(Number(source).toPrecision(Math.max(1, Math.min(few, 17))));
      const shortest = toFraction(String(Number(source)));
      expect(survivesDouble(source)).toBe(few <= 17 && (isEqual(printed, exact) || isEqual(shortest, exact)));
      if (isEqual(shown, exact)) expect(survivesDouble(source)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/** A decimal as an integer and a power of ten. */
function toFraction(source: string): Decimal {
  const [, whole = '', fraction = '', power = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(source) ?? [];
  return { digits: whole + fraction, exponent: Number(power) - fraction.length };
}

function isEqual(a: Decimal, b: Decimal): boolean {
  const low = Math.min(a.exponent, b.exponent);
  const scaled = ({ digits, exponent }: Decimal) => BigInt(digits) * 10n ** BigInt(exponent - low);
  return scaled(a) === scaled(b);
}
