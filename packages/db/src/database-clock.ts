import type { Clock } from '@agent-registry/schemas';
import { sql } from 'kysely';
import type { Db } from './create-db.ts';

const MEASURE_INTERVAL_MS = 10_000;
/** Machines whose time is kept differ by less, and so does what a slow answer can feign. */
const TOLERANCE_MS = 1_000;

/** The time that all instances share. */
export interface DatabaseClock extends Clock {
  /** Milliseconds by which the machine's clock is ahead of the database's, negative where it is behind. Rejects when neither is known. */
  aheadMs(): Promise<number>;
  close(): void;
}

interface Log {
  error(fields: { ahead_ms: number }, message: string): void;
  info(fields: { ahead_ms: number }, message: string): void;
}

/**
 * The machine's clock, and the database's while the two differ by more than clocks that are kept do. Instances must agree about the
 * time: by a clock that is ahead a deadline would pass early, and a nonce be forgotten while its signature is still taken.
 * What is measured is asked for at once and every 10 s.
 */
export function createDatabaseClock(db: Db, machine: Clock, log: Log): DatabaseClock {
  let measuredMs: number | null = null;
  let correctionMs = 0;
  const measure = async (): Promise<number> => {
    const askedMs = machine.now().getTime();
    const began = performance.now();
    const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
    const halfMs = (performance.now() - began) / 2;
    const aheadMs = Math.round(askedMs + halfMs - rows[0]!.now.getTime());
    // The database read its clock at some moment of the exchange: only more than that is a difference.
    if (halfMs > TOLERANCE_MS) return aheadMs;
    const wasCorrected = correctionMs !== 0;
    correctionMs = Math.abs(aheadMs) > TOLERANCE_MS ? aheadMs : 0;
    if (correctionMs !== 0 && !wasCorrected)
      log.error({ ahead_ms: aheadMs }, 'this machine’s clock is wrong: the database’s is used');
    if (correctionMs === 0 && wasCorrected)
      log.info({ ahead_ms: aheadMs }, 'this machine’s clock is right again');
    measuredMs = aheadMs;
    return aheadMs;
  };
  const inBackground = (): void => void measure().catch(() => undefined); // An outage; others tell of it.
  inBackground();
  const timer = setInterval(inBackground, MEASURE_INTERVAL_MS).unref();
  return {
    now: () => new Date(machine.now().getTime() - correctionMs),
    aheadMs: async () => measuredMs ?? measure(),
    close: () => clearInterval(timer),
  };
}
