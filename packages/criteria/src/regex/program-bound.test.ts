import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { criteriaBounds } from '../bounds.ts';
import { compileRegex, wrongPatternSize } from './compile-regex.ts';
import { programBound } from './program-bound.ts';

const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(
      ...[
        'a',
        '.',
        '^',
        '$',
        '\\b',
        '\\x{41}',
        '\\pL',
        '\\p{Greek}',
        '[a-z]',
        '[^]a]',
        '[[:alpha:](]',
        '[\\]){]',
      ],
      ...[
        '\\Qa(b{9}\\E',
        '\\(',
        '{',
        'x{,5}',
        '(?i)',
        '(?i:k)',
        '[(]',
        '😀',
        '',
        '[\\x{5d}(]',
        '[a-[]',
        '\\d',
      ],
    ),
    fc.string({ maxLength: 4 }),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    tie('pattern').map((a) => `(${a})`),
    tie('pattern').map((a) => `(?:${a})`),
    tie('pattern').map((a) => `(?P<n>${a})`),
    fc
      .tuple(
        tie('pattern'),
        fc.constantFrom('*', '+', '?', '*?', '{0}', '{3}', '{0,4}', '{2,}', '{1,7}?', '{12}'),
      )
      .map(([a, q]) => `(${a})${q}`),
    fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '{2}', '{5,9}')).map(([a, q]) => `${a}${q}`),
  ),
}));

test('whatever pattern RE2 accepts compiles to no more instructions than its text was found to need', () => {
  fc.assert(
    fc.property(
      fc.oneof(pattern, fc.string({ unit: fc.constantFrom(...'a[]()^\\Q|*{2,3}?:-'.split('')) })),
      (text) => {
        const bound = programBound(text);
        // Beyond the bound nothing is compiled, here neither.
        if (bound > 20_000) return;
        let size: number;
        try {
          size = RE2JS.compile(text).programSize();
        } catch {
          return;
        }
        expect({ text, isWithin: size <= bound }).toEqual({ text, isWithin: true });
      },
    ),
    { numRuns: 5_000 },
  );
});

test.each([
  `(${'.'.repeat(990)}){1000}`,
  '(a{100}){100}',
  `${'a{999}'.repeat(6)}`,
  '((((a{10}){10}){10}){10})',
  `(?i)${'[a-z]'.repeat(51)}`,
])('%.30s is refused before it is compiled', (text) => {
  expect(wrongPatternSize(text)).not.toBeNull();
  expect(() => compileRegex(text)).toThrow();
});

test.each([
  '^a{1,1000}$',
  '[a-z]{2,63}(\\.[a-z]{2,63}){1,4}',
  '(?i)hello [a-z]{1,100}',
  '\\x{1F600}+',
  '^.{5}$',
])('%s is accepted, and its bound is not far from what it needs', (text) => {
  expect(wrongPatternSize(text)).toBeNull();
  expect(programBound(text)).toBeLessThan(4 * RE2JS.compile(text).programSize() + 20);
  expect(programBound(text)).toBeLessThanOrEqual(criteriaBounds.patternProgram);
});
