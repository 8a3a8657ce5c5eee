export interface LimiterOptions {
  /** Slots in all. */
  readonly total: number;
  /** Slots that one key may have; as many as there are when absent. */
  readonly perKey?: number;
  /** Callers that may wait for a slot; without bound when absent. */
  readonly waitingMax?: number;
  /** The error for a caller that finds neither a slot nor a place in the queue, by the bound it met; `LimiterFull` when absent. */
  readonly refusal?: (bound: 'key' | 'total') => Error;
}

/** A fair semaphore: a bounded number of slots in all and per key, in order of arrival among callers whose key has room. */
export interface Limiter {
  /**
   * Takes a slot, waiting for one, and returns what releases it. Throws `refusal` when too many wait, and the signal's reason when
   * that aborts before there is a slot.
   */
  acquire(key: string, signal?: AbortSignal): Promise<() => void>;
  /** Does the work in a slot; throws as `acquire` does. */
  run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Resolves when no slot is taken. */
  idle(): Promise<void>;
}

interface Waiter {
  readonly key: string;
  readonly enter: () => void;
}

export class LimiterFull extends Error {
  override readonly name = 'LimiterFull';
}

export const createLimiter = (options: LimiterOptions): Limiter => {
  const { total, perKey = total, waitingMax = Number.POSITIVE_INFINITY } = options;
  const { refusal = (bound) => new LimiterFull(`no slot of this ${bound} is left`) } = options;
  const taken = new Map<string, number>();
  const queue = new Set<Waiter>();
  let idle = Promise.withResolvers<void>();
  let inUse = 0;

  const hasRoom = (key: string): boolean => inUse < total && (taken.get(key) ?? 0) < perKey;
  const take = (key: string): (() => void) => {
    inUse += 1;
    taken.set(key, (taken.get(key) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (isHeld) release(key);
      isHeld = false;
    };
  };
  const release = (key: string): void => {
    inUse -= 1;
    const left = (taken.get(key) ?? 1) - 1;
    if (left === 0) taken.delete(key);
    else taken.set(key, left);
    for (const next of queue) {
      if (!hasRoom(next.key)) continue;
      next.enter();
      break;
    }
    if (inUse > 0) return;
    idle.resolve();
    idle = Promise.withResolvers();
  };
  const wait = (key: string, signal: AbortSignal | undefined): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.delete(waiter);
        signal?.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        leave();
        reject(signal?.reason);
      };
      const waiter = {
        key,
        enter: () => {
          leave();
          resolve(take(key));
        },
      };
      queue.add(waiter);
      signal?.addEventListener('abort', giveUp);
    });
  const acquire: Limiter['acquire'] = async (key, signal) => {
    if (hasRoom(key)) return take(key);
    if (queue.size >= waitingMax) throw refusal((taken.get(key) ?? 0) >= perKey ? 'key' : 'total');
    signal?.throwIfAborted();
    return wait(key, signal);
  };
  return {
    acquire,
    run: async (key, work, signal) => {
      const slot = await acquire(key, signal);
      try {
        return await work();
      } finally {
        slot();
      }
    },
    idle: () => (inUse === 0 ? Promise.resolve() : idle.promise),
  };
};
