import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readProgram } from './read-program.ts';

const read = (node: unknown) => readProgram(['program'], 'python:3', { program: node });
const wrong = (node: unknown) => {
  const program = read(node);
  return 'wrong' in program ? program.wrong : null;
};

test('a text is a program of one file, named for its language', () => {
  expect(read('print(1)')).toEqual({
    entry: 'main.py',
    files: [{ name: 'main.py', bytes: Buffer.from('print(1)') }],
  });
});

test('an object is files, and its entry names the one that runs', () => {
  expect(read({ 'src/a.py': 'x', 'data.txt': '', entry: 'src/a.py' })).toEqual({
    entry: 'src/a.py',
    files: [
      { name: 'src/a.py', bytes: Buffer.from('x') },
      { name: 'data.txt', bytes: Buffer.from('') },
    ],
  });
});

const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`f${index}`, '']));
test.each<[string, unknown, string]>([
  ['nothing', undefined, 'There is no program'],
  ['a number', 7, 'There is no program'],
  ['a list', ['print(1)'], 'There is no program'],
  ['files without entry', { 'a.py': '' }, 'has no `entry`'],
  ['an entry that is no file', { 'a.py': '', entry: 'b.py' }, 'has no `entry`'],
  ['an entry that is inherited', { 'a.py': '', entry: 'constructor' }, 'has no `entry`'],
  ['a file that is a number', { 'a.py': 7, entry: 'a.py' }, 'The file "a.py" is not a text.'],
  ['65 files', { ...many, entry: 'f0' }, 'more than 64 files'],
  ['a file in another file', { a: '', 'a/b': '', entry: 'a' }, '"a" is both a file and a directory.'],
  ['too large a file', { a: 'é'.repeat(262_145), entry: 'a' }, 'over 524288 bytes'],
])('%s is no program, and the seller reads why', (_what, node, message) => {
  expect(wrong(node)).toContain(message);
});

test.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../../x',
  'a//b',
  'a/',
  '.',
  '..',
  'a\0',
  'a b',
  'a\\b',
  'é',
  '-'.repeat(101),
])('a file cannot be named %j', (name) => {
  expect(wrong({ [name]: '', entry: name })).toMatch(/is no name of a file/);
});

test('no name of a file leads out of the program’s directory', () => {
  const part = fc.constantFrom('a', '.', '..', '', 'x.y', '...', '~', '\0', '\n', '*');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const name = parts.join('/');
      const allowed = parts.every((each) => ['a', 'x.y', '...'].includes(each));
      expect(wrong({ [name]: '', entry: name }) === null).toBe(allowed);
    }),
  );
});
