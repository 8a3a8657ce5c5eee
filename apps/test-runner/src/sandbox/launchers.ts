import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Launcher } from './launcher.ts';

/** Launchers in reserve, for sandboxes that no waiting interpreter serves. */
export interface Launchers {
  /** One from the reserve, or a new one. Throws when that cannot be spawned. */
  take(): Launcher;
  /** Makes what is missing, when the caller is done. */
  refill(): void;
  close(): Promise<void>;
}

/** Starting a process holds up the event loop for a millisecond or two: first the answer goes out. */
const refillAfterMs = 3;

/** Keeps `size` launchers. `create` may throw; `discard` ends one that is not needed. */
export function createLaunchers(
  size: number,
  create: () => Launcher,
  discard: (launcher: Launcher) => Promise<void>,
): Launchers {
  const waiting: Launcher[] = [];
  let filling: Promise<void> | null = null;
  let closed = false;
  const fill = async () => {
    try {
      while (waiting.length < size && !closed) {
        waiting.push(create());
        await nextTurn();
      }
    } catch {
      // Whoever needs one next makes it and hears why it cannot be made.
    } finally {
      filling = null;
    }
  };
  return {
    take() {
      for (let launcher = waiting.shift(); launcher !== undefined; launcher = waiting.shift()) {
        if (!launcher.hasExited()) {
          return launcher;
        }
        void discard(launcher);
      }
      return create();
    },
    refill() {
      filling ??= delay(refillAfterMs).then(fill);
    },
    async close() {
      closed = true;
      await filling;
      await Promise.all(waiting.splice(0).map(discard));
    },
  };
}
