/** Numbers that are each in use once: a sandbox's user id, and the names of its files. */
export interface Slots {
  take(): number;
  give(slot: number): void;
  readonly inUse: number;
}

/** The lowest free number first, so that user ids stay few. */
export function createSlots(): Slots {
  const used = new Set<number>();
  return {
    take() {
      let slot = 0;
      while (used.has(slot)) {
        slot += 1;
      }
      used.add(slot);
      return slot;
    },
    give: (slot) => void used.delete(slot),
    get inUse() {
      return used.size;
    },
  };
}
