import { number } from './flags.ts';

const SHOWN = 20;

/** For lists. */
export const limit = number('<n>', `how many at most; ${SHOWN} unless given`, { min: 1, max: 100_000 });

/** The first items of a list. */
export async function take<T>(items: AsyncIterable<T>, most: number | undefined): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= (most ?? SHOWN)) break;
  }
  return taken;
}
