import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { storableText, storableTexts } from './storable-text.ts';

/** Any code units, as strangers send them: halves of pairs, NUL and what combines with its neighbour among them. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\0', '\ud83d', '\ude00', '😀', 'e\u0301', '👩‍👩‍👧', '🇨🇭', '\u0301', '\r\n', 'a'),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 200 },
  )
  .map((parts) => parts.join(''));

test('a storable text has no NUL, no lone surrogate, and no more than its bound, whatever was sent', () => {
  fc.assert(
    fc.property(hostileText, fc.nat(120), (text, bound) => {
      const kept = storableText(text, bound);
      expect(kept.length).toBeLessThanOrEqual(bound);
      expect(kept.isWellFormed()).toBe(true);
      expect(kept).not.toContain('\0');
      expect(storableText(kept, bound)).toBe(kept);
    }),
  );
});

test('a text that is well and short enough is storable as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
      fc.pre(!text.includes('\0'));
      expect(storableText(text, text.length)).toBe(text);
    }),
  );
});

test.each([
  ['a surrogate pair', 'ab😀', 3, 'ab'],
  ['an accent', 'cafe\u0301!', 4, 'caf'],
  ['a family of emoji', 'x👩‍👩‍👧y', 4, 'x'],
])('a cut never splits %s', (_what, text, bound, kept) => {
  expect(storableText(text, bound)).toBe(kept);
});

test('a single grapheme that is longer than the bound is cut between two code points', () => {
  const long = `a${'\u0301'.repeat(500)}😀`;
  expect(storableText(long, 300)).toHaveLength(300);
  expect(storableText('😀', 1)).toBe('');
});

test('the texts and keys of a JSON value are storable, and nothing else of it changes', () => {
  const sent = { 'k\0': ['\ud83d', 1, null, true, { deep: 'a'.repeat(20) }] };
  expect(storableTexts(sent, 10)).toEqual({ 'k\ufffd': ['\ufffd', 1, null, true, { deep: 'a'.repeat(10) }] });
});
