import { setTimeout as delay } from 'node:timers/promises';

/** Between tries. */
const DELAYS_MS = [100, 200, 400, 800, 1_600, 2_400] as const;
/** No try begins later: with what it may take itself, that is less than a lease leaves after its exchange. */
const TRIES_MS = 7_000;
/** SQLSTATE classes of a server that is going, gone, coming or full; and errors of the connection itself. */
const AWAY = /^(08|53|57P|E[A-Z]+$)/;
const AWAY_WORDS = /connect|terminat|timeout/i;

/** Whether an error says that the database cannot be reached now, and nothing of what was asked of it. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? AWAY.test(code) : AWAY_WORDS.test(error.message);
}

/** Whether the database refuses the data itself (SQLSTATE classes 22 and 23): asked again, it refuses again. */
export function isDataRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]...$/.test(String(error.code));
}

/**
 * Does what must not be given up lightly: while the database is away it tries again, for some seconds in all. For the
 * outcome of something that has happened: giving it up means that it happens once more.
 *
 * @param instead what is done when the database refuses the data, such as the same without what strangers wrote.
 */
export async function persist<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  instead?: () => Promise<T>,
): Promise<T> {
  try {
    return await retried(work, signal);
  } catch (error) {
    if (instead === undefined || !isDataRefused(error)) throw error;
    return retried(instead, signal);
  }
}

async function retried<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const startedAt = performance.now();
  for (const delayMs of DELAYS_MS) {
    try {
      return await work();
    } catch (error) {
      const isLate = performance.now() - startedAt + delayMs > TRIES_MS;
      if (!isDatabaseAway(error) || signal.aborted || isLate) throw error;
    }
    await delay(delayMs);
  }
  return work();
}
