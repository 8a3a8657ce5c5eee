import { RegistryError } from '@agent-registry/schemas';

export interface GateLimits {
  readonly slots: number;
  readonly queue: number;
  readonly queueWaitMs: number;
  readonly retryAfterSeconds: number;
}

/** A reservation in the queue, made before a request's body is read. */
export interface Place {
  /** Resolves when a slot is free. Rejects with RegistryError `unavailable`, or with the signal's reason. */
  slot(signal: AbortSignal): Promise<void>;
  /** Releases reservation and slot; idempotent. */
  leave(): void;
}

export interface Gate {
  /** Throws RegistryError `unavailable` with a time to retry after when there is no place. */
  enter(): Place;
  readonly load: () => { readonly running: number; readonly waiting: number };
}

/** Concurrency limiter (a semaphore with a bounded FIFO queue): `slots` run, `queue` more wait, the rest is refused at once. */
export function createGate(limits: GateLimits): Gate {
  const waiters: (() => void)[] = [];
  let places = 0;
  let running = 0;

  const refuse = (detail: string): RegistryError =>
    new RegistryError('unavailable', detail, { retryAfterSeconds: limits.retryAfterSeconds });

  function pass(): void {
    if (running >= limits.slots) return;
    const next = waiters.shift();
    if (next === undefined) return;
    running += 1;
    next();
  }

  function wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = (reason: unknown): void => {
      const at = waiters.indexOf(resolve);
      if (at < 0) return;
      waiters.splice(at, 1);
      reject(reason);
    };
    const abort = (): void => giveUp(signal.reason);
    const timer = setTimeout(() => giveUp(refuse('no slot came free in time')), limits.queueWaitMs);
    signal.addEventListener('abort', abort, { once: true });
    waiters.push(resolve);
    pass();
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
  }

  return {
    enter() {
      if (places >= limits.slots + limits.queue) throw refuse('every slot is in use and the queue is full');
      places += 1;
      let state: 'waiting' | 'running' | 'gone' = 'waiting';
      return {
        async slot(signal) {
          signal.throwIfAborted();
          await wait(signal);
          state = 'running';
        },
        leave() {
          if (state === 'gone') return;
          places -= 1;
          if (state === 'running') running -= 1;
          state = 'gone';
          pass();
        },
      };
    },
    load: () => ({ running, waiting: places - running }),
  };
}
