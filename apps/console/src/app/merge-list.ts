/** As much of a list as was read: the newest items, and the cursor of those that follow. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** How many there are, as far as the registry counts. */
  readonly total: number;
  readonly next: string | null;
}

/** What was read of a list, with its beginning read anew: what follows stays, if the two meet. */
export function mergeList<T>(before: Listed<T>, fresh: Listed<T>, keyOf: (item: T) => string): Listed<T> {
  const known = new Set(fresh.items.map(keyOf));
  const rest = before.items.filter((item) => !known.has(keyOf(item)));
  const meets = before.items.length > rest.length;
  return meets && rest.length > 0 ? { ...fresh, items: [...fresh.items, ...rest], next: before.next } : fresh;
}
