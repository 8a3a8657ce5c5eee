// A binary heap that knows where each item sits, so a task can be taken out of the middle in O(log n).

export interface HeapItem {
  /** The item's place in its heap, -1 when it is in none; written by the heap alone. */
  heapIndex: number;
}

export interface Heap<T extends HeapItem> {
  readonly size: number;
  peek(): T | undefined;
  push(item: T): void;
  /** Takes an item out; does nothing when it is not in the heap. */
  remove(item: T): void;
  clear(): void;
}

export const createHeap = <T extends HeapItem>(before: (a: T, b: T) => boolean): Heap<T> => {
  const items: T[] = [];
  const put = (item: T, index: number) => {
    items[index] = item;
    item.heapIndex = index;
  };
  const up = (item: T, from: number) => {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const other = items[parent]!;
      if (!before(item, other)) break;
      put(other, index);
      index = parent;
    }
    put(item, index);
  };
  const down = (item: T, from: number) => {
    let index = from;
    for (let child = 2 * index + 1; child < items.length; child = 2 * index + 1) {
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child += 1;
      const other = items[child]!;
      if (!before(other, item)) break;
      put(other, index);
      index = child;
    }
    put(item, index);
  };
  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    push: (item) => {
      if (item.heapIndex !== -1) throw new Error('The item is already in a heap');
      items.push(item);
      up(item, items.length - 1);
    },
    remove: (item) => {
      const index = item.heapIndex;
      if (index === -1) return;
      item.heapIndex = -1;
      const last = items.pop();
      if (last === undefined || last === item) return;
      up(last, index);
      down(last, last.heapIndex);
    },
    clear: () => {
      for (const item of items) item.heapIndex = -1;
      items.length = 0;
    },
  };
};
