import { expect, test } from '@jest/globals';
import { createRandomPool } from './random-pool.ts';

test('no bytes of a pool are given twice, whatever is left of it', () => {
  const random = createRandomPool();
  const drawn = Array.from({ length: 2_000 }, (_, index) => random(index % 3 === 0 ? 16 : 8).toString('hex'));
  expect(new Set(drawn.map((hex) => hex.slice(0, 16))).size).toBe(drawn.length);
  expect(drawn.every((hex, index) => hex.length === (index % 3 === 0 ? 32 : 16))).toBe(true);
});

test('as many bytes as a pool holds can be drawn', () => {
  const random = createRandomPool();
  random(1);
  expect(random(4_096)).toHaveLength(4_096);
});
