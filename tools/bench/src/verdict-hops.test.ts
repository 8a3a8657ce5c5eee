import { expect, test } from '@jest/globals';
import { tellHops } from './verdict-hops.ts';

test('what is told of a verdict’s hops is the median of each', () => {
  const hops = [
    { admitted: 1, claimed: 10, judged: 7, answered: 3 },
    { admitted: 2, claimed: 30, judged: 8, answered: 4 },
    { admitted: 9, claimed: 20, judged: 90, answered: 5 },
  ];
  expect(tellHops(hops)).toBe('p50 ms: admitted 2.00, claimed 20.0, judged 8.00, answered 4.00');
});
