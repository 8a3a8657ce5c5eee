export interface Door {
  /**
   * Does the work when there is room, in the order of arrival. Null, and nothing was done, when the service stops or the caller
   * goes away before that.
   *
   * @param onGone is given what to call when the caller goes away.
   */
  pass<T>(work: () => Promise<T>, onGone: (leave: () => void) => void): Promise<T | null>;
}

/**
 * Lets so many callers do their work at once and has the others wait in memory, at no cost. Without it, whatever the queue has
 * piled up during an outage comes in at once, contends for a few connections of the database until every wait is
 * longer than allowed, and fails again: a crowd that keeps itself alive.
 *
 * @param most callers inside at once.
 * @param stopping sends away who waits.
 */
export function createDoor(most: number, stopping: AbortSignal): Door {
  let inside = 0;
  /** Each is told once whether there is a place for it. */
  const waiting = new Set<(mayPass: boolean) => void>();
  const call = (one: (mayPass: boolean) => void, mayPass: boolean): void => {
    waiting.delete(one);
    one(mayPass);
  };
  stopping.addEventListener('abort', () => {
    for (const one of waiting) call(one, false);
  });
  const place = (onGone: (leave: () => void) => void): Promise<boolean> => {
    if (inside < most) {
      inside += 1;
      return Promise.resolve(true);
    }
    if (stopping.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      waiting.add(resolve);
      onGone(() => {
        if (waiting.has(resolve)) call(resolve, false);
      });
    });
  };
  return {
    async pass(work, onGone) {
      if (!(await place(onGone))) return null;
      try {
        return await work();
      } finally {
        // Whoever has waited longest takes the place over.
        const [next] = waiting;
        if (next === undefined) inside -= 1;
        else call(next, true);
      }
    },
  };
}
