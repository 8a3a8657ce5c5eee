/** Event queue of the simulation: a priority queue by time, first in first out at one time. */
export interface Agenda<T> {
  put(at: Date, item: T): void;
  /** The earliest thing, and its time; undefined when there is none. */
  take(): { readonly at: Date; readonly item: T } | undefined;
}

interface Entry<T> {
  readonly at: Date;
  readonly order: number;
  readonly item: T;
}

/** A binary heap. */
export function createAgenda<T>(): Agenda<T> {
  const heap: Entry<T>[] = [];
  let order = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [first, second] = [heap[a]!, heap[b]!];
    return (
      first.at.getTime() - second.at.getTime() < 0 || (+first.at === +second.at && first.order < second.order)
    );
  };
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isBefore(child, least)) least = child;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    put(at, item) {
      heap.push({ at, order, item });
      order += 1;
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!isBefore(child, parent)) return;
        swap(child, parent);
        child = parent;
      }
    },
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return { at: first.at, item: first.item };
    },
  };
}
