import { waitUntil } from '@agent-registry/servers';
import type { Exit, Launched } from './launch-process.ts';

/** Something that is kept running: how to start it, and how to see that it serves. */
export interface Part {
  readonly name: string;
  /** Where it serves, for people. */
  readonly url: string;
  launch(): Promise<Launched>;
  isReady(): Promise<boolean>;
}

export interface PartEvent {
  readonly part: string;
  readonly kind: 'ready' | 'ended' | 'failed';
  readonly message: string;
}

export interface Supervised {
  /** Of the life it is living now; null between two. */
  pid(): number | null;
  /** Starts it and waits until it is ready; rejects, and leaves nothing running, when that fails. */
  start(): Promise<void>;
  /** Ends it and leaves it down. */
  stop(): Promise<void>;
  /** Sends a signal; what ends by it is started again. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it serves, at once if it does now. */
  whenReady(): Promise<void>;
}

const readyTimeoutMs = 60_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
const stableMs = 10_000;

const describeExit = ({ code, signal }: Exit): string =>
  signal === null ? `ended with code ${code}` : `was ended by ${signal}`;

/**
 * Keeps a part running: when it ends without having been told to, it is started again, after a pause that doubles with each
 * early end, up to 5 s, and is short again once it has served for 10 s.
 */
export function supervise(part: Part, report: (event: PartEvent) => void): Supervised {
  let isWanted = false;
  let current: Launched | null = null;
  let attempt: Promise<void> = Promise.resolve();
  let restart: NodeJS.Timeout | undefined;
  let earlyEnds = 0;
  let ready = Promise.withResolvers<void>();
  let readySince: number | null = null;

  function onExit(launched: Launched, exit: Exit): void {
    if (current !== launched) return;
    current = null;
    const wasReadyMs = readySince === null ? 0 : performance.now() - readySince;
    const hadServed = readySince !== null;
    if (hadServed) ready = Promise.withResolvers<void>();
    readySince = null;
    if (!isWanted || !hadServed) return;
    earlyEnds = wasReadyMs >= stableMs ? 0 : earlyEnds + 1;
    startAgain(describeExit(exit));
  }

  function startAgain(what: string): void {
    const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(earlyEnds, 10), longestPauseMs);
    report({ part: part.name, kind: 'ended', message: `${what}; starting it again in ${pauseMs / 1000} s` });
    restart = setTimeout(() => {
      attempt = live().catch((error: unknown) => {
        earlyEnds += 1;
        if (isWanted) startAgain(error instanceof Error ? error.message : String(error));
      });
    }, pauseMs);
  }

  async function live(): Promise<void> {
    const launched = await part.launch();
    current = launched;
    let exit: Exit | null = null;
    void launched.exited.then((how) => {
      exit = how;
      onExit(launched, how);
    });
    const isOver = () => exit !== null || !isWanted;
    const served = await waitUntil(async () => isOver() || (await part.isReady()), {
      timeoutMs: readyTimeoutMs,
    });
    if (served && !isOver()) {
      readySince = performance.now();
      ready.resolve();
      report({ part: part.name, kind: 'ready', message: `ready at ${part.url}` });
      return;
    }
    await launched.stop();
    throw new Error(
      exit === null ? 'was not ready within a minute' : `${describeExit(exit)} before it was ready`,
    );
  }

  async function stop(): Promise<void> {
    isWanted = false;
    clearTimeout(restart);
    await current?.stop();
    await attempt.catch(() => undefined);
    await current?.stop(); // It may have been about to start.
  }

  return {
    pid: () => current?.pid ?? null,
    start: async () => {
      isWanted = true;
      attempt = live();
      try {
        await attempt;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        // What was told to stop has not failed.
        if (isWanted) report({ part: part.name, kind: 'failed', message: reason });
        isWanted = false;
        throw new Error(`${part.name} ${reason}`, { cause: error });
      }
    },
    stop,
    kill: (signal) => {
      if (current !== null) process.kill(current.pid, signal);
    },
    whenReady: () => ready.promise,
  };
}
