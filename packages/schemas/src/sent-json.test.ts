import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asSent, compactJson, SentJson, writeJson } from './sent-json.ts';

/** JSON with whitespace anywhere, numbers in odd spellings, and members that are there twice. */
const { text: jsonText } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1.0', '1e2', '-0', '12345678901234567890', 'true', 'null', '0.10'),
    fc.string().map((value) => JSON.stringify(value.replaceAll('\u0000', ''))),
    fc.array(tie('text'), { maxLength: 4 }).map((items) => `[ ${items.join(' ,\n')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', ':', '"'), tie('text')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, item]) => `${JSON.stringify(key)} :\t${item}`).join(', ')} }`),
  ),
}));

describe('JSON that was sent', () => {
  test('JSON that was sent is written as JSON.stringify writes it with its numbers as they were spelled', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(compactJson(text)).toBe(JSON.stringify(asSent(text)));
        const around = { before: '\\u00000', sent: new SentJson(text), list: [new SentJson(text), 'x'] };
        const plain = { before: '\\u00000', sent: asSent(text), list: [asSent(text), 'x'] };
        expect(writeJson(around)).toBe(JSON.stringify(plain));
      }),
      { numRuns: 500 },
    );
  });

  test('JSON that was sent keeps the last of two members with one name', () => {
    expect(compactJson('{"a": 1.0, "a": 2.50}')).toBe('{"a":2.50}');
  });

  test('JSON that was sent is the same where plain JSON.stringify meets it', () => {
    expect(JSON.stringify({ sent: new SentJson('[1.0, 2]') })).toBe('{"sent":[1.0,2]}');
  });
});
