import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldName, nameIn } from './names.ts';

const name = nameIn(64);

test.each([
  ['Alice', 'Alice'],
  ['  Alice the Summariser \n', 'Alice the Summariser'],
  ['Cafe\u0301', 'Caf\u00e9'],
  ['東京　支店', '東京　支店'],
  ['محمد', 'محمد'],
  ['👩‍🚀 Ada', '👩‍🚀 Ada'],
  ['I ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'I ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
])('the name %j is kept as %j', (sent, kept) => {
  expect(name.parse(sent)).toBe(kept);
});

test.each([
  '',
  '   ',
  '\u3000',
  '\u200b',
  'Al\u200bice',
  'Al\u00adice',
  'Al\u200dice',
  '\ufeffAl\ufeffice',
  'Al\u202eice',
  'Al\u2066ice\u2069',
  'Al\nice',
  'Al\u0007ice',
  'Al\u2028ice',
  'Al\u034fice',
  '\u3164',
  'a\u115f',
  '\u2800',
  'Al\ufe0fice',
  '\u{e0041}b',
  '\ue000',
  'Al\uffffice',
  'Al\u{1fffe}ice',
  '\u0301',
  'x'.repeat(65),
])('the name %j is refused', (sent) => {
  expect(name.safeParse(sent).success).toBe(false);
});

test('a name that is taken is taken again as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (sent) => {
      const once = name.safeParse(sent);
      if (once.success) expect(name.parse(once.data)).toBe(once.data);
    }),
  );
});

test('seven spellings of one name fold to one', () => {
  const spellings = [
    'Data Entry',
    'data entry',
    'DATA  ENTRY',
    'data\u00a0entry',
    'ｄａｔａ entry',
    'Data\u3000Entry',
    ' data entry ',
  ];
  expect(new Set(spellings.map(foldName))).toEqual(new Set(['data entry']));
  expect([foldName('Straße'), foldName('data-entry') === foldName('data_entry')]).toEqual(['strasse', false]);
});

test('no character is folded to what folds on, and its letter case makes no difference', () => {
  const wrong: string[] = [];
  for (let point = 0; point <= 0x10_ff_ff; point += 1) {
    const text = String.fromCodePoint(point);
    const folded = foldName(text);
    const others = [folded, text.toUpperCase(), text.toLowerCase()];
    if (others.some((other) => foldName(other) !== folded)) wrong.push(point.toString(16));
  }
  expect(wrong).toEqual([]);
  expect(foldName('STRAẞE')).toBe(foldName('straße'));
});

test('folding twice is folding once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (sent) => {
      expect(foldName(foldName(sent))).toBe(foldName(sent));
    }),
  );
});
