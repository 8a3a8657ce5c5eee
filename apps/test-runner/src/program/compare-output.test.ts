import type { ExpectedOutput, OutputComparison } from '@agent-registry/criteria';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareOutput } from './compare-output.ts';

const expecting = (compare: OutputComparison, text: string, tolerance = 0): ExpectedOutput => ({
  text,
  compare,
  tolerance,
});
const agrees = (compare: OutputComparison, expected: string, printed: string, tolerance?: number) =>
  compareOutput(expecting(compare, expected, tolerance), printed) === null;

describe('an output agrees, or what differs is told', () => {
  test.each<[OutputComparison, string, string, string | null]>([
    ['exact', 'a\n', 'a\n', null],
    ['exact', 'a\n', 'a', 'differs in line 1: expected "a\\n", got "a"'],
    ['exact', 'a\nb\nc', 'a\nB\nc', 'differs in line 2: expected "b\\n", got "B\\n"'],
    ['exact', 'a', '', 'differs in line 1: expected "a", got nothing'],
    ['exact', '\u00e9', 'e\u0301', 'differs in line 1: expected "\u00e9", got "e\u0301"'],
    ['trimmed', ' a b\n', '\r\na b', null],
    ['trimmed', 'a b', 'a  b', 'differs in line 1: expected "a b", got "a  b"'],
    ['trimmed', 'a', '\u00a0a', 'differs in line 1: expected "a", got "\u00a0a"'],
    ['tokens', 'a b\nc', ' a\tb c\r\n', null],
    ['tokens', '', ' \n', null],
    ['tokens', 'a b', 'a c', 'differs in token 2: expected "b", got "c"'],
    ['tokens', 'a b', 'a', 'differs in token 2: expected "b", got the end'],
    ['tokens', 'a', 'a b c', 'has 3 tokens where 1 were expected'],
    ['tokens', '1.0', '1', 'differs in token 1: expected "1.0", got "1"'],
    ['numbers', 'sum: 1.0 2', 'sum: 1 2.000', null],
    ['numbers', '1', '1.1', 'differs in token 1: expected "1", got "1.1"'],
    ['numbers', '0', '-0', null],
    ['numbers', 'nan -inf Infinity', 'NaN -Infinity +inf', null],
    ['numbers', 'inf', '-inf', 'differs in token 1: expected "inf", got "-inf"'],
    ['numbers', '1e308', 'inf', 'differs in token 1: expected "1e308", got "inf"'],
    ['numbers', '5', 'nan', 'differs in token 1: expected "5", got "nan"'],
    ['numbers', 'inf', '1e999', 'differs in token 1: expected "inf", got "1e999"'],
    ['numbers', '16', '0x10', 'differs in token 1: expected "16", got "0x10"'],
    ['numbers', '1000', '1_000', 'differs in token 1: expected "1000", got "1_000"'],
    ['numbers', '1', '', 'differs in token 1: expected "1", got the end'],
  ])('%s: %j against %j', (compare, expected, printed, told) => {
    expect(compareOutput(expecting(compare, expected), printed)).toBe(told);
  });
});

test('a tolerance is absolute below 1 and relative above', () => {
  expect(agrees('numbers', '0.5', '0.5009', 0.001)).toBe(true);
  expect(agrees('numbers', '0.5', '0.502', 0.001)).toBe(false);
  expect(agrees('numbers', '-5000', '-5005', 0.001)).toBe(true);
  expect(agrees('numbers', '-5000', '-5006', 0.001)).toBe(false);
  expect(agrees('numbers', '1e308', '-1e308', 0.999)).toBe(false);
});

const text = fc.string({
  unit: fc.constantFrom(' ', '\n', '\t', '\r', 'a', '1', '.', '-', 'é', '🦆'),
  maxLength: 40,
});

test('every comparison agrees with itself, and each is at least as lenient as the stricter one', () => {
  const order: readonly OutputComparison[] = ['exact', 'trimmed', 'tokens', 'numbers'];
  fc.assert(
    fc.property(text, text, (expected, printed) => {
      const found = order.map((compare) => agrees(compare, expected, printed));
      for (let at = 1; at < found.length; at += 1) expect(found[at] || !found[at - 1]).toBe(true);
      for (const compare of order) expect(agrees(compare, expected, expected)).toBe(true);
    }),
  );
});

test('exact agrees with the same text alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (expected, printed) => {
      expect(agrees('exact', expected, printed)).toBe(expected === printed);
    }),
  );
});

test('numbers agree exactly where they lie within the tolerance', () => {
  const number = fc.double({ noDefaultInfinity: true, noNaN: true });
  fc.assert(
    fc.property(number, number, fc.double({ min: 0, max: 0.999 }), (e, a, tolerance) => {
      const within = Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e));
      expect(agrees('numbers', String(e), String(a), tolerance)).toBe(within || String(e) === String(a));
    }),
  );
});

test('what is told of a difference is short, well formed and free of NUL, whatever was printed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<OutputComparison>('exact', 'trimmed', 'tokens', 'numbers'),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
      (compare, expected, printed) => {
        const told = compareOutput(expecting(compare, expected), printed) ?? '';
        expect(told.length).toBeLessThanOrEqual(850);
        expect(told.isWellFormed()).toBe(true);
        expect(told).not.toContain('\0');
      },
    ),
  );
});

test('64 KiB of the worst that a program can print is compared in linear time', () => {
  const size = 65_536;
  const units = [' ', '1', '1e', '. ', '\n', '.', '-', '1.'];
  for (const unit of units) {
    const printed = unit.repeat(size / unit.length);
    // Quadratic work on any of them would take minutes.
    for (const compare of ['tokens', 'numbers'] as const) {
      expect(agrees(compare, `${printed} x`, `${printed} x`)).toBe(true);
      expect(agrees(compare, `${printed} x`, `${printed} y`)).toBe(false);
    }
    expect(agrees('trimmed', 'x', `${printed}x${printed}y`)).toBe(false);
  }
});
