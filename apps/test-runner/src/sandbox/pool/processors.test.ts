import { expect, test } from '@jest/globals';
import { allowedProcessors, leastUsed, takeLeastUsed } from './processors.ts';

test('the processors that a process may use are read from ranges and single numbers', () => {
  expect(allowedProcessors('Name:\tx\nCpus_allowed_list:\t0-2,5,7-8\n')).toEqual([0, 1, 2, 5, 7, 8]);
  expect(allowedProcessors('Cpus_allowed_list:\t3\n')).toEqual([3]);
});

test('what starts next goes to the processor that is used the least', () => {
  expect(leastUsed([0, 1, 2], [0, 0, 2])).toBe(1);
  expect(leastUsed([0, 1], [])).toBe(0);
  expect(takeLeastUsed([{ processor: 0 }, { processor: 1 }], [0])).toEqual({ processor: 1 });
  expect(takeLeastUsed([], [0])).toBeUndefined();
});
