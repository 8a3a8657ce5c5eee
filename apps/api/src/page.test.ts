import { RegistryError } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { linkToNext, readCursor, writeCursor } from './page.ts';

const SHAPES = [/^\d+$/, /^[a-z]+$/];

test('a cursor is read back as it was written', () => {
  expect(readCursor('jobs', SHAPES, writeCursor('jobs', ['12', 'abc']))).toEqual(['12', 'abc']);
});

test.each([
  ['another list’s', writeCursor('reviews', ['12', 'abc'])],
  ['one part short', writeCursor('jobs', ['12'])],
  ['one part long', writeCursor('jobs', ['12', 'abc', 'x'])],
  ['of another shape', writeCursor('jobs', ['12', 'ABC'])],
  ['padded', `${writeCursor('jobs', ['12', 'abc'])}=`],
  ['in the other alphabet', Buffer.from('jobs 12 abc???>>>').toString('base64')],
  ['empty', ''],
  ['not base64', '💥'],
])('a cursor that is %s is refused', (_what, cursor) => {
  expect(() => readCursor('jobs', SHAPES, cursor)).toThrow(RegistryError);
});

test('the next page of a bare array is a link that keeps the filters', () => {
  expect(
    linkToNext('https://r.example', '/agents/1/webhooks', { limit: 5, status: undefined }, 'abc'),
  ).toEqual({
    Link: '<https://r.example/v1/agents/1/webhooks?limit=5&cursor=abc>; rel="next"',
  });
  expect(linkToNext('https://r.example', '/x', {}, null)).toEqual({});
});
