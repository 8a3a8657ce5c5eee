import { setTimeout as delay } from 'node:timers/promises';
import type { Interpreter } from '../runtimes.ts';
import type { Sandbox } from '../sandbox.ts';
import { takeLeastUsed } from './processors.ts';

/** Pool of pre-warmed interpreters, each in a sandbox of its own and for one script. */
export interface Pool {
  /** One that stands ready, on a processor that is not among the busy if it can be; or null. */
  take(interpreter: Interpreter, busy: readonly number[]): Sandbox | null;
  /** Starts what is missing, one after the other, when the caller is done. */
  refill(): void;
  /** Ends the pre-warmed interpreters and resolves when they are gone. The next refill starts new ones. */
  empty(): Promise<void>;
  close(): Promise<void>;
  readonly waiting: number;
}

/** Below this much free memory nothing waits in reserve. */
const memoryReserveBytes = 256 * 1024 * 1024;

const pressureCheckMs = 1000;

/** Starting a process blocks the event loop for a millisecond or two, so the answer is sent first. */
const refillAfterMs = 3;

/** Circuit breaker: after this many failures in a row nothing is started until the next pressure check. */
const maxFailures = 3;

/** A pool of `size` interpreters of each kind. `start` may throw. */
export function createPool(
  interpreters: readonly Interpreter[],
  size: number,
  start: (interpreter: Interpreter, processorsInUse: readonly number[]) => Sandbox,
  availableMemory: () => number = () => process.availableMemory(),
): Pool {
  const waiting = new Map<string, Set<Sandbox>>(interpreters.map(({ name }) => [name, new Set()]));
  const of = (interpreter: Interpreter) => waiting.get(interpreter.name) as Set<Sandbox>;
  const all = () => [...waiting.values()].flatMap((set) => [...set]);
  const endings = new Set<Promise<void>>();
  let filling: Promise<void> | null = null;
  let closed = false;
  let failures = 0;

  const hasRoom = () => !closed && failures < maxFailures && availableMemory() > memoryReserveBytes;
  const addOne = async (interpreter: Interpreter) => {
    try {
      const inUse = [...of(interpreter)].map(({ processor }) => processor);
      const sandbox = start(interpreter, inUse);
      const stood = await sandbox.ready;
      failures = stood ? 0 : failures + 1;
      if (stood && !closed) {
        of(interpreter).add(sandbox);
        void sandbox.reported.then(() => endIfWaiting(interpreter, sandbox));
      } else {
        await end(sandbox);
      }
    } catch {
      failures += 1;
    }
  };
  /** A sandbox that ends by itself must not be handed out, and its slot is still to be released. */
  const endIfWaiting = (interpreter: Interpreter, sandbox: Sandbox) => {
    if (of(interpreter).delete(sandbox)) {
      const ending = end(sandbox).finally(() => endings.delete(ending));
      endings.add(ending);
    }
  };
  const fill = async () => {
    for (const interpreter of interpreters) {
      while (of(interpreter).size < size && hasRoom()) {
        await addOne(interpreter);
      }
    }
    filling = null;
  };
  const refill = () => {
    filling ??= delay(refillAfterMs).then(fill);
  };
  const empty = async () => {
    const ending = all();
    for (const set of waiting.values()) {
      set.clear();
    }
    await Promise.all([...ending.map(end), ...endings]);
  };
  const timer = setInterval(() => {
    failures = 0;
    if (availableMemory() > memoryReserveBytes) {
      refill();
    } else {
      void empty();
    }
  }, pressureCheckMs);
  timer.unref();
  return {
    take(interpreter, busy) {
      const sandbox = takeLeastUsed(of(interpreter), busy);
      if (sandbox === undefined) {
        return null;
      }
      of(interpreter).delete(sandbox);
      return sandbox;
    },
    refill,
    empty,
    async close() {
      closed = true;
      clearInterval(timer);
      await filling;
      await empty();
    },
    get waiting() {
      return all().length;
    },
  };
}

async function end(sandbox: Sandbox): Promise<void> {
  sandbox.kill();
  await sandbox.ended;
}
