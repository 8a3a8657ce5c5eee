import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { countWork, TooExpensive } from '../work.ts';
import { testFilter } from './filter.ts';
import { countNodes, wrongJsonPath } from './index.ts';
import { parseJsonPath } from './parse.ts';
import { select as selectNodes } from './select.ts';

interface ComplianceTest {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: unknown[];
  readonly results?: unknown[][];
  readonly invalid_selector?: boolean;
}

const suite = join(process.env.CONFORMANCE_DIR ?? '/nonexistent', 'jsonpath/cts.json');
const work = () => countWork(1_000_000, 'steps');
const select = (path: string, root: unknown): unknown[] =>
  selectNodes(parseJsonPath(path), root, { root, work: work(), keeps: testFilter });

(existsSync(suite) ? test : test.skip)(
  'JSONPath answers as the compliance suite says, all of it (skipped without CONFORMANCE_DIR)',
  () => {
    const { tests } = JSON.parse(readFileSync(suite, 'utf8')) as { tests: ComplianceTest[] };
    const wrong = tests.filter(({ selector, document, result, results, invalid_selector }) => {
      if (invalid_selector === true) return wrongJsonPath(selector) === null;
      if (wrongJsonPath(selector) !== null) return true;
      const found = JSON.stringify(select(selector, document));
      return !(results ?? [result]).some((expected) => JSON.stringify(expected) === found);
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(tests.length).toBeGreaterThanOrEqual(703);
  },
);

describe('patterns in a path', () => {
  test('search() of a JSONPath takes linear time where the host would backtrack', () => {
    const texts = Array.from({ length: 50 }, () => 'a'.repeat(60));
    expect(select('$[?search(@, "(a+)+b")]', texts)).toEqual([]);
  });

  test('match() of a JSONPath takes the whole text and search() a part of it', () => {
    expect(select('$[?match(@, "a.c")]', ['abc', 'xabc', 'a\nc'])).toEqual(['abc']);
    expect(select('$[?search(@, "a.c")]', ['abc', 'xabc', 'a\nc'])).toEqual(['abc', 'xabc']);
  });

  test.each([
    '[',
    '\\\\d+',
    'a+?',
    '(?:a)',
    'a**',
    '(?i)a',
    '\\\\p{Greek}',
    '[a-]b]',
    '(.{990}){1000}',
    'x{1001}',
  ])('a literal %s, which can never be matched by, is refused at the proposal', (pattern) => {
    expect(wrongJsonPath(`$[?match(@.a, "${pattern}")]`)).toMatch(/I-Regexp/);
    expect(wrongJsonPath(`$[?!(@.b == 1 || search($.a[?@.c], "${pattern}"))]`)).toMatch(
      /I-Regexp|not a JSONPath/,
    );
  });

  test('a pattern that the deliverable brings matches nothing when it is no I-Regexp', () => {
    const root = { texts: ['a1', 'aa'], good: '[a-z]+', bad: '\\d', worse: '(.{990}){1000}' };
    expect(select('$.texts[?match(@, $.good)]', root)).toEqual(['aa']);
    expect(select('$.texts[?search(@, $.bad)]', root)).toEqual([]);
    expect(select('$.texts[?search(@, $.worse)]', root)).toEqual([]);
  });
});

test('length() and order in a JSONPath are those of characters, whatever their width in memory', () => {
  expect(select('$[?length(@) == 1]', ['😀', 'ab'])).toEqual(['😀']);
  expect(select('$[?@ < "😀"]', ['\uff5e'])).toEqual(['\uff5e']);
});

test('inherited names in a JSONPath select nothing', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'length']) {
    expect(select(`$[?@['${name}']]`, [{}, [], 'text'])).toEqual([]);
  }
});

test('a JSONPath to one list counts its elements', () => {
  expect([
    countNodes('$.a', { a: [1, 2, 3] }, work()),
    countNodes('$.a[*]', { a: [1, 2, 3] }, work()),
  ]).toEqual([3, 3]);
});

describe('work is counted, and so the same on every machine', () => {
  const deep: unknown = JSON.parse(`${'[1,'.repeat(60)}1${']'.repeat(60)}`);
  const wide = Array.from({ length: 3_000 }, (_, n) => n);
  const attacks: [string, unknown][] = [
    [`$${'..*'.repeat(12)}`, deep],
    ['$[?count($[?count($[*]) > 1]) > 1]', wide],
    ['$[?@ == $[2999] || count($..*) < 0]', wide],
    [
      '$[?search(@, $[0])]',
      [`(${'a?'.repeat(400)}){2}`, ...Array.from({ length: 500 }, () => 'a'.repeat(10_000))],
    ],
  ];
  test.each(attacks)('the JSONPath %.60s stops with too_expensive', (path, root) => {
    expect(wrongJsonPath(path)).toBeNull();
    expect(() => countNodes(path, root, work())).toThrow(TooExpensive);
  });
});
