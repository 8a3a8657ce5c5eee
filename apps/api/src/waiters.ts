import { RegistryError } from '@agent-registry/schemas';

/** Requests that may wait at once on one instance, and of one agent. */
const WAITERS_MAX = 50;
const WAITERS_OF_AGENT_MAX = 4;
const RETRY_AFTER_SECONDS = 5;

/** Room for requests that wait, and the word that the service stops. */
export interface Waiters {
  /** Aborted when the service is told to stop: whoever waits answers with what it has. */
  readonly stopping: AbortSignal;
  /** Runs `wait` in one of the places. @throws RegistryError unavailable when the agent's, or all, are taken. */
  hold<T>(agentId: string, wait: () => Promise<T>): Promise<T>;
  stop(): void;
}

export function createWaiters(): Waiters {
  const stopping = new AbortController();
  const waiting = new Map<string, number>();
  let total = 0;
  const change = (agentId: string, by: 1 | -1): void => {
    const count = (waiting.get(agentId) ?? 0) + by;
    total += by;
    if (count === 0) waiting.delete(agentId);
    else waiting.set(agentId, count);
  };
  return {
    stopping: stopping.signal,
    async hold(agentId, wait) {
      if ((waiting.get(agentId) ?? 0) >= WAITERS_OF_AGENT_MAX)
        throw full(`${WAITERS_OF_AGENT_MAX} requests of yours are waiting already.`);
      if (total >= WAITERS_MAX) throw full(`${WAITERS_MAX} requests are waiting already.`);
      change(agentId, 1);
      try {
        return await wait();
      } finally {
        change(agentId, -1);
      }
    },
    stop: () => stopping.abort(),
  };
}

function full(detail: string): RegistryError {
  return new RegistryError('unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
