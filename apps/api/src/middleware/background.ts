import type { Logger } from '@agent-registry/service-kit';

/** Work in progress at once; beyond it, work that can be done another time is dropped. */
const RUNNING_MAX = 1_000;

/** Runs work that no response waits for, and lets a shutdown wait for what is under way. */
export interface Background {
  run(what: string, work: () => Promise<unknown>): void;
  settled(): Promise<void>;
}

export function createBackground(log: Logger): Background {
  const running = new Set<Promise<void>>();
  return {
    run(what, work) {
      if (running.size >= RUNNING_MAX) return;
      const promise = work()
        .then(
          () => undefined,
          (error: unknown) => log.warn({ error, what }, 'work in the background failed'),
        )
        .finally(() => running.delete(promise));
      running.add(promise);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
