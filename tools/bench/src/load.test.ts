import { expect, test } from '@jest/globals';
import { callFor, Refused } from './load.ts';

test('each caller does the thing at least once, and what it says that it took counts in place of all of its time', async () => {
  const callers = new Set<number>();
  const taken = await callFor(0, 3, (caller) => {
    callers.add(caller);
    return Promise.resolve(caller);
  });
  expect([[...callers], taken.latenciesMs, taken.refused]).toEqual([[0, 1, 2], [0, 1, 2], 0]);
});

test('what is refused is counted apart from what is served', async () => {
  const once = (caller: number): Promise<number> =>
    caller === 0 ? Promise.reject<number>(new Refused('503')) : Promise.resolve(1);
  expect(await callFor(0, 3, once)).toMatchObject({ latenciesMs: [1, 1], refused: 1 });
});

test('a load of which nothing is served, or anything goes wrong, is no measurement', async () => {
  await expect(callFor(0, 2, () => Promise.reject<number>(new Refused('503')))).rejects.toThrow('503');
  const once = (caller: number): Promise<number> =>
    caller === 0 ? Promise.reject(new Error('500')) : Promise.resolve(1);
  await expect(callFor(60, 2, once)).rejects.toThrow('500');
});
