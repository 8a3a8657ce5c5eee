import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHeap } from './heap.ts';

test('the first item is always the least, whatever was put in and taken out', () => {
  const steps = fc.array(fc.record({ value: fc.nat(1000), remove: fc.option(fc.nat(), { freq: 2 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const heap = createHeap<{ value: number; heapIndex: number }>((a, b) => a.value < b.value);
      const held: { value: number; heapIndex: number }[] = [];
      for (const { value, remove } of all) {
        const item = { value, heapIndex: -1 };
        heap.push(item);
        held.push(item);
        if (remove !== null) {
          const [gone] = held.splice(remove % held.length, 1);
          if (gone !== undefined) heap.remove(gone);
        }
        const least = held.length === 0 ? undefined : Math.min(...held.map((one) => one.value));
        expect(heap.size).toBe(held.length);
        expect(heap.peek()?.value).toBe(least);
      }
    }),
  );
});
