import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Launcher } from '../bwrap/launcher.ts';
import { takeLeastUsed } from './processors.ts';

/** Launchers in reserve, for sandboxes that no waiting interpreter serves. */
export interface Launchers {
  /** One from the reserve, or a new one, on a processor that is not busy if it can be. Throws when it cannot be spawned. */
  take(busy: readonly number[]): Launcher;
  /** Makes what is missing, when the caller is done. */
  refill(): void;
  close(): Promise<void>;
}

/** Starting a process blocks the event loop for a millisecond or two, so the answer is sent first. */
const refillAfterMs = 3;

/** Keeps `size` launchers. `create` may throw; `discard` ends one that is not needed. */
export function createLaunchers(
  size: number,
  create: (processorsInUse: readonly number[]) => Launcher,
  discard: (launcher: Launcher) => Promise<void>,
): Launchers {
  const waiting: Launcher[] = [];
  let filling: Promise<void> | null = null;
  let closed = false;
  const fill = async () => {
    try {
      while (waiting.length < size && !closed) {
        waiting.push(create(waiting.map(({ processor }) => processor)));
        await nextTurn();
      }
    } catch {
      // Whoever needs one next makes it and hears why it cannot be made.
    } finally {
      filling = null;
    }
  };
  return {
    take(busy) {
      for (let left = waiting.length; left > 0; left -= 1) {
        const launcher = takeLeastUsed(waiting, busy) as Launcher;
        waiting.splice(waiting.indexOf(launcher), 1);
        if (!launcher.hasExited()) {
          return launcher;
        }
        void discard(launcher);
      }
      return create(busy);
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
