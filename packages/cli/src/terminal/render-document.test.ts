import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Block, fields, line, type Span, table, toned } from './document.ts';
import { renderDocument } from './render-document.ts';
import { textWidth } from './text-width.ts';
import { visibleJson, visibleText } from './visible-text.ts';

const ACTS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|[^\P{Cf}\u200c\u200d]/u;
const STYLE = new RegExp(`${String.fromCharCode(0x1b)}\\[\\d+m`, 'g');
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001b]0;owned\u0007',
    '\u009b2J',
    '\u202egnp.exe',
    '\r\n',
    '\ud800',
    '\u{e0041}',
    '\u2028',
  ),
);
const span = fc.oneof(
  hostile,
  hostile.map((text) => toned('bad', text)),
);
const tableOf = (rows: readonly (readonly [Span, Span])[]) =>
  table(rows, 'none', { NAME: ([name]) => name, N: ([, number]) => number });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.array(span).map((spans) => line(...spans)),
  fc.dictionary(hostile, span).map((record) => fields(record)),
  fc.array(fc.tuple(span, span)).map(tableOf),
);

describe('what strangers wrote', () => {
  test('a document of any texts holds nothing that acts on a terminal but its own line breaks', () => {
    fc.assert(
      fc.property(fc.array(block), (doc) => {
        expect(renderDocument(doc, false).replaceAll('\n', '')).not.toMatch(ACTS);
      }),
    );
  });

  test('with colours it holds no escape sequence but those that set and reset a style', () => {
    fc.assert(
      fc.property(fc.array(block), (doc) => {
        const bare = renderDocument(doc, true).replaceAll(STYLE, '');
        expect(bare.replaceAll('\n', '')).not.toMatch(ACTS);
      }),
    );
  });

  test('a block of text has as many lines as it has rows, whatever the texts hold', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(span, span), { minLength: 1 }), (rows) => {
        const text = renderDocument([tableOf(rows)], false);
        expect(text.split('\n')).toHaveLength(rows.length + 2);
      }),
    );
  });

  test('any JSON is printed as the same value, without anything that acts on a terminal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = visibleJson(value, 2);
        expect(text.replaceAll('\n', '')).not.toMatch(ACTS);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('text that acts on nothing is shown as it is, joiners of emoji and of scripts included', () => {
    for (const text of ['Zoë', '日本語', '👩‍🌾', 'می‌خواهم']) expect(visibleText(text)).toBe(text);
  });
});

describe('a table', () => {
  test('columns line up under wide characters, and no line ends in spaces', () => {
    const rows = [
      ['日本', '1'],
      ['ab', '2'],
      ['', ''],
    ] as const;
    const text = renderDocument([tableOf(rows)], false);
    expect(text).toBe('NAME  N\n日本  1\nab    2\n\n');
    expect([textWidth('日本'), textWidth('👩‍🌾'), textWidth('e\u0301')]).toEqual([4, 2, 1]);
  });

  test('a long cell is cut, and says so', () => {
    const cut = renderDocument([tableOf([['x'.repeat(100), '']])], false).split('\n')[1];
    expect(cut).toBe(`${'x'.repeat(47)}…`);
  });

  test('a table without rows says what is not there', () => {
    expect(renderDocument([tableOf([])], false)).toBe('none\n');
  });
});
