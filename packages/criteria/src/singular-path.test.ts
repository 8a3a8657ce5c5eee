import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSingularPath, selectNode } from './singular-path.ts';

test.each([
  ['$', []],
  ['$.a', ['a']],
  ['$ .a', ['a']],
  ['$.zwölf._1', ['zwölf', '_1']],
  ["$['a b'][0]", ['a b', 0]],
  ['$[ "x\\u0041\\n" ][-1]', ['xA\n', -1]],
  ["$['it\\'s \"it\"']", ['it\'s "it"']],
  ['$["\\\\\'"]', ["\\'"]],
  ['$.constructor.__proto__', ['constructor', '__proto__']],
])('%s is a path to one node', (text, path) => {
  expect(parseSingularPath(text)).toEqual(path);
});

test.each([
  '',
  'a',
  '$.',
  '$..a',
  '$.*',
  '$[*]',
  '$[0,1]',
  '$[0:1]',
  '$[?@.a]',
  '$.1a',
  '$[01]',
  '$[-0]',
  "$['a]",
  '$[\'a"]',
  '$["\\\'"]',
  '$. a',
  '$.a ',
  '$[1.5]',
  '$["\n"]',
  ' $',
])('%j selects several nodes or is no path', (text) => {
  expect(parseSingularPath(text)).toBeNull();
});

test('any member of any object is found by its quoted name, and nothing inherited is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (key) => {
      const path = parseSingularPath(`$[${JSON.stringify(key)}][-1]`);
      expect(path).toEqual([key, -1]);
      expect(selectNode(path!, JSON.parse(`{${JSON.stringify(key)}:[1,2]}`))).toBe(2);
      expect(selectNode(path!, {})).toBeUndefined();
    }),
  );
});
