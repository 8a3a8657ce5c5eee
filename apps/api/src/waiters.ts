import { RegistryError } from '@agent-registry/schemas';

/** Requests that may wait for a verdict at once on one instance. */
const WAITERS_MAX = 50;

/** Room for requests that wait, and the word that the service stops. */
export interface Waiters {
  /** Aborted when the service is told to stop: whoever waits answers with what it has. */
  readonly stopping: AbortSignal;
  /** Runs `wait` in one of the places. @throws RegistryError unavailable when all are taken. */
  hold<T>(wait: () => Promise<T>): Promise<T>;
  stop(): void;
}

export function createWaiters(): Waiters {
  const stopping = new AbortController();
  let waiting = 0;
  return {
    stopping: stopping.signal,
    async hold(wait) {
      if (waiting >= WAITERS_MAX) {
        throw new RegistryError('unavailable', `${WAITERS_MAX} requests are waiting for verdicts already.`, {
          retryAfterSeconds: 5,
        });
      }
      waiting += 1;
      try {
        return await wait();
      } finally {
        waiting -= 1;
      }
    },
    stop: () => stopping.abort(),
  };
}
