import { expect, test } from '@jest/globals';
import { createSlots } from './slots.ts';

/** Work that goes on until it is told to end. */
function work(name: string, begun: string[]) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return {
    end: () => resolve(name),
    run: () => {
      begun.push(name);
      return promise;
    },
  };
}
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

test('one caller has its share of the slots, and another need not wait behind it', async () => {
  const slots = createSlots({ total: 3, perKey: 2 });
  const begun: string[] = [];
  const [a1, a2, a3, b1, b2] = ['a1', 'a2', 'a3', 'b1', 'b2'].map((name) => work(name, begun));
  const done = [a1!, a2!, a3!, b1!, b2!].map((one, index) => slots.run(index < 3 ? 'a' : 'b', one.run));
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  b1!.end();
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'b2']);
  a1!.end();
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'b2', 'a3']);
  for (const one of [a2!, a3!, b2!]) one.end();
  expect(await Promise.all(done)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
});

test('a slot is given back by work that fails', async () => {
  const slots = createSlots({ total: 1, perKey: 1 });
  await expect(slots.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run('a', async () => 'yes')).toBe('yes');
});
