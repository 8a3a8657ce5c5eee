/** Numbers that are each in use once: they make a sandbox's os-user id and the names of its files. */
export interface Slots {
  acquire(): number;
  release(slot: number): void;
  readonly inUse: number;
}

/** The lowest free number first, so that user ids stay few. */
export function createSlots(): Slots {
  const used = new Set<number>();
  return {
    acquire() {
      let slot = 0;
      while (used.has(slot)) {
        slot += 1;
      }
      used.add(slot);
      return slot;
    },
    release: (slot) => void used.delete(slot),
    get inUse() {
      return used.size;
    },
  };
}
