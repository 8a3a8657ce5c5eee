import { RegistryError } from '@agent-registry/schemas';

/** A bounded number of something at once, in all and for each key. */
export interface Slots {
  /** Does the work when there is a slot for it: first come, first served among those whose key has room. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Who waits at most; more are told to come again. */
const WAITING_MAX = 1_000;

/** @throws RegistryError unavailable, from `run`, when too many wait. */
export function createSlots({ total, perKey }: { total: number; perKey: number }): Slots {
  const taken = new Map<string, number>();
  const waiting: { key: string; go: () => void }[] = [];
  let free = total;
  const hasRoom = (key: string): boolean => free > 0 && (taken.get(key) ?? 0) < perKey;
  const take = (key: string): void => {
    free -= 1;
    taken.set(key, (taken.get(key) ?? 0) + 1);
  };
  const release = (key: string): void => {
    free += 1;
    const left = taken.get(key)! - 1;
    if (left === 0) taken.delete(key);
    else taken.set(key, left);
    const next = waiting.findIndex((one) => hasRoom(one.key));
    if (next >= 0) waiting.splice(next, 1)[0]!.go();
  };
  const acquire = async (key: string): Promise<void> => {
    if (hasRoom(key)) return take(key);
    if (waiting.length >= WAITING_MAX)
      throw new RegistryError('unavailable', 'Too many lists are asked for.', { retryAfterSeconds: 1 });
    await new Promise<void>((go) =>
      waiting.push({
        key,
        go: () => {
          take(key);
          go();
        },
      }),
    );
  };
  return {
    async run(key, work) {
      await acquire(key);
      try {
        return await work();
      } finally {
        release(key);
      }
    },
  };
}
