import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { legacyJson } from './hashes.ts';
import { JsonTextError, MAX_JSON_DEPTH, readJsonText } from './json-text.ts';
import { loadVectors } from './testing/vectors.ts';

const { malformed } = loadVectors<{ malformed: string[] }>('legacy-criteria-hash');

describe('the lossless reader', () => {
  test.each(malformed.map((text) => [text.slice(0, 40), text]))(
    'the lossless reader refuses %j',
    (_, text) => {
      expect(() => readJsonText(text)).toThrow(JsonTextError);
    },
  );

  test('it accepts exactly what JSON.parse accepts', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '\\"',
      '1',
      '-0.5e3',
      'null',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        expect(accepts(readJsonText, parts.join(''))).toBe(accepts(JSON.parse, parts.join('')));
      }),
      { numRuns: 3000 },
    );
  });

  test('what it reads means what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        expect(JSON.parse(legacyJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('depth is bounded, exactly', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => readJsonText(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(() => readJsonText(nested(MAX_JSON_DEPTH + 1))).toThrow(JsonTextError);
    expect(() => readJsonText('['.repeat(1_000_000))).toThrow(JsonTextError);
  });

  test('a string as long as a body can be is read', () => {
    const text = JSON.stringify('é"\\'.repeat(350_000));
    expect(readJsonText(text).root).toMatchObject({ kind: 'string', end: text.length });
  });
});

function accepts(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}
