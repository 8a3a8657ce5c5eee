import { expect, test } from '@jest/globals';
import { createIds } from './clock-and-ids.ts';

test('ids are UUIDv7 of the injected time and sort in the order they were made, whatever the clock does', () => {
  const times = [1_000, 1_000, 2_000, 500, 2_000, 3_000];
  let call = 0;
  const ids = createIds({ now: () => new Date(times[call++] ?? 3_000) });
  const made = Array.from({ length: 2_000 }, () => ids.next());
  expect(made.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
  expect(made[0]).toMatch(/^00000000-03e8-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
