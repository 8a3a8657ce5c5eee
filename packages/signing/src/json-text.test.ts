import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { legacyJson } from './hashes.ts';
import { extractMember, JsonTextError, MAX_JSON_DEPTH, readJsonText } from './json-text.ts';
import { loadVectors } from './testing/vectors.ts';

const { malformed } = loadVectors<{ malformed: string[] }>('legacy-criteria-hash');

describe('the lossless reader', () => {
  test.each(malformed.map((text) => [text.slice(0, 40), text]))('refuses %j', (_, text) => {
    expect(() => readJsonText(text)).toThrow(JsonTextError);
  });

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
    expect(() => readJsonText(nested(MAX_JSON_DEPTH + 1))).not.toThrow();
    expect(() => readJsonText(nested(MAX_JSON_DEPTH + 2))).toThrow(JsonTextError);
    expect(() => readJsonText('['.repeat(1_000_000))).toThrow(JsonTextError);
  });

  test('a string as long as a body can be is read', () => {
    const text = JSON.stringify('é"\\'.repeat(350_000));
    expect(readJsonText(text)).toMatchObject({ kind: 'string', end: text.length });
  });
});

describe('extractMember', () => {
  test('gives the raw text of a member, spelling and spaces kept', () => {
    const body = '{"a": 1, "acceptance_criteria" : { "n": 1.50,\n "é": "\\u00e9" } , "z": []}';
    expect(extractMember(body, 'acceptance_criteria')).toBe('{ "n": 1.50,\n "é": "\\u00e9" }');
    expect(extractMember(body, 'a')).toBe('1');
    expect(extractMember('{"accept\\u0061nce":null}', 'acceptance')).toBe('null');
  });

  test('the last of two members with one name counts, as in JSON.parse', () => {
    expect(extractMember('{"a":1,"a":2}', 'a')).toBe('2');
  });

  test('null where there is none: absent, deeper down, inherited, or no object', () => {
    expect(extractMember('{"b":{"a":1}}', 'a')).toBeNull();
    expect(extractMember('{}', '__proto__')).toBeNull();
    expect(extractMember('[{"a":1}]', 'a')).toBeNull();
    expect(extractMember('"a"', 'a')).toBeNull();
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
