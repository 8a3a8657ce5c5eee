import { expect, test } from '@jest/globals';
import { type Listed, mergeList } from './merge-list.ts';

const listed = (items: readonly string[], next: string | null): Listed<string> => ({
  items,
  total: items.length,
  next,
});
const merge = (before: Listed<string>, fresh: Listed<string>) => mergeList(before, fresh, (item) => item);

test('what was read of a list stays below its beginning that is read anew, each item once', () => {
  expect(merge(listed(['c', 'b', 'a'], 'after a'), listed(['e', 'd', 'c'], 'after c'))).toEqual({
    items: ['e', 'd', 'c', 'b', 'a'],
    total: 3,
    next: 'after a',
  });
});

test('a beginning that does not reach what was read before begins the list anew: nothing is left out between them', () => {
  const fresh = listed(['z', 'y'], 'after y');
  expect(merge(listed(['c', 'b'], 'after b'), fresh)).toEqual(fresh);
});

test('a list that ended is as it is read anew', () => {
  expect(merge(listed(['b', 'a'], null), listed(['c', 'b', 'a'], null))).toEqual(
    listed(['c', 'b', 'a'], null),
  );
});
