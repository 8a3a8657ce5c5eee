import { RegistryError } from '@agent-registry/schemas';
import { createLimiter } from '@agent-registry/service-kit';

interface RunQueueLimits {
  readonly slots: number;
  readonly queue: number;
  readonly queueWaitMs: number;
  readonly retryAfterSeconds: number;
}

/** A place in the queue, taken before a request's body is read. */
interface Reservation {
  /** Resolves when a slot is free. Rejects with RegistryError `unavailable`, or with the signal's reason. */
  acquire(signal: AbortSignal): Promise<void>;
  /** Releases reservation and slot; idempotent. */
  release(): void;
}

export interface RunQueue {
  /** Throws RegistryError `unavailable` with a time to retry after when the queue is full. */
  reserve(): Reservation;
  readonly load: () => { readonly running: number; readonly waiting: number };
}

/** A concurrency limiter with a bounded queue: `slots` run, `queue` more wait in order of arrival, the rest is refused at once. */
export function createRunQueue(limits: RunQueueLimits): RunQueue {
  const limiter = createLimiter({ total: limits.slots });
  let reserved = 0;
  let running = 0;

  const refuse = (detail: string): RegistryError =>
    new RegistryError('unavailable', detail, { retryAfterSeconds: limits.retryAfterSeconds });

  return {
    reserve() {
      if (reserved >= limits.slots + limits.queue) throw refuse('every slot is in use and the queue is full');
      reserved += 1;
      let releaseSlot: (() => void) | undefined;
      let isReleased = false;
      return {
        async acquire(signal) {
          const late = new AbortController();
          const timer = setTimeout(() => late.abort(refuse('no slot came free in time')), limits.queueWaitMs);
          try {
            releaseSlot = await limiter.acquire('', AbortSignal.any([signal, late.signal]));
            running += 1;
          } finally {
            clearTimeout(timer);
          }
        },
        release() {
          if (isReleased) return;
          isReleased = true;
          reserved -= 1;
          if (releaseSlot === undefined) return;
          running -= 1;
          releaseSlot();
        },
      };
    },
    load: () => ({ running, waiting: reserved - running }),
  };
}
