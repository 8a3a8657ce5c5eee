import { setTimeout as delay } from 'node:timers/promises';
import type { Announce, Db, Tx } from '@agent-registry/db';
import { type Clock, type Ids, type MarketRules, RegistryError } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';

/** What it takes to run operations. */
export interface OperationDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** Tells every instance, after the commit, what has happened to whom: who waits for that looks at once. */
  readonly announce?: Announce | undefined;
}

/** One operation under way: its transaction, its moment, and the alarms to set once it is committed. */
export interface Op {
  readonly trx: Tx;
  /** When it happens: when the transaction began, or later where it had to wait (`passTime`). */
  now: Date;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** Ids of outbox rows whose tasks the caller creates after the commit. */
  readonly outbox: string[];
  /** What is announced after the commit: keys such as `job:<id>`. */
  readonly announcements: string[];
}

export interface Done<T> {
  readonly value: T;
  readonly outbox: readonly string[];
}

/** Times a transaction is tried when Postgres chose it to break a deadlock. */
const ATTEMPTS_MAX = 5;
/** The pause before the next try is by chance up to this, so that those who collided do not do so again. */
const PAUSE_MS = 50;
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction. Whatever it throws undoes everything. A deadlock or serialisation failure runs it again,
 * so `work` must touch nothing but `op`. @throws RegistryError unavailable when every try ended so.
 */
export async function runOperation<T>(deps: OperationDeps, work: (op: Op) => Promise<T>): Promise<Done<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const outbox: string[] = [];
    const announcements: string[] = [];
    try {
      const value = await deps.db
        .transaction()
        .execute((trx) => work({ ...deps, trx, now: deps.clock.now(), outbox, announcements }));
      if (announcements.length > 0) deps.announce?.(announcements);
      return { value, outbox };
    } catch (error) {
      if (!RETRYABLE.has(sqlState(error) ?? '')) throw error;
      if (attempt >= ATTEMPTS_MAX) {
        const detail = 'Too much of this changed at the same moment: try again.';
        throw new RegistryError('unavailable', detail, { cause: error, retryAfterSeconds: 1 });
      }
    }
    await delay(Math.random() * PAUSE_MS);
  }
}

/**
 * After a wait for a lock: what happens now happens no earlier than what was waited for, so that a job's story never goes
 * back in time, and nothing is decided by a moment that has passed.
 */
export function passTime(op: Op, notBefore: Date): void {
  op.now = new Date(Math.max(op.now.getTime(), op.clock.now().getTime(), notBefore.getTime()));
}

/** The SQLSTATE of a database error, or undefined. */
export function sqlState(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Turns a violated unique constraint into a refusal; anything else is thrown on. */
export async function refuseDuplicate<T>(
  work: Promise<T>,
  constraint: string,
  refusal: () => RegistryError,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (sqlState(error) === '23505' && (error as { constraint?: string }).constraint === constraint)
      throw refusal();
    throw error;
  }
}

/** A broken promise of our own code: a 500, never the caller's fault. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}

/** The same answer for what does not exist and what the caller may not see. */
export function notFound(what: string): RegistryError {
  return new RegistryError('not_found', `There is no such ${what}.`);
}
