import { setTimeout as delay } from 'node:timers/promises';
import { type Announce, type Db, isPlanStale, transaction } from '@agent-registry/db';
import {
  type Clock,
  type EnqueueTasks,
  type Ids,
  type MarketRules,
  RegistryError,
} from '@agent-registry/schemas';
import type { Logger } from '@agent-registry/service-kit';
import type { Sealer } from '@agent-registry/signing';
import { defer, type Op, sqlState } from './op.ts';
import { createOutbox, describeTasks, flush, prepareFlush } from './outbox.ts';

/** What it takes to run operations. */
export interface OperationDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  /** Creates the Cloud Tasks of what was committed. Absent: all of them are left to the sweep. */
  readonly enqueue?: EnqueueTasks | undefined;
  /** Tells every instance, after the commit, what has happened to whom: who waits for that looks at once. */
  readonly announce?: Announce | undefined;
  readonly log?: Logger | undefined;
}

export interface Committed<T> {
  readonly value: T;
  /** How many of its tasks could not be created now: they are the sweep's. */
  readonly unscheduled: number;
}

/** How long whoever waits for an operation waits for its tasks to be created. */
const TASKS_TIMEOUT_MS = 2_000;
/** Times a transaction is tried when Postgres undid it for no fault of its own. */
const ATTEMPTS_MAX = 5;
/** Random jitter before the next try, up to this, so that those who collided do not do so again. */
const JITTER_MS = 50;
/** Of a statement behind one that failed in the same transaction. */
const ABORTED = '25P02';
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction, commits, and creates the Cloud Tasks it led to from what it knew: nothing is read back after
 * the commit. Whatever `work` throws undoes everything. A deadlock, a serialisation failure or a statement whose tables have
 * changed runs it again, so it must touch nothing but `op`. Tasks that cannot be created in time are no failure: the sweep finds them.
 *
 * @throws RegistryError unavailable when every try ended in a deadlock; kysely's AbortedTransactionError where `work` went on
 *   behind a statement that failed, since Postgres answers that COMMIT with ROLLBACK.
 */
export async function commit<T>(
  deps: OperationDeps,
  work: (op: Op) => Promise<T>,
  { tasksTimeoutMs = TASKS_TIMEOUT_MS }: { tasksTimeoutMs?: number } = {},
): Promise<Committed<T>> {
  const { value, op } = await transact(deps, work);
  await Promise.all(op.writes);
  if (op.announcements.length > 0) deps.announce?.(op.announcements);
  if (op.outbox.due.length === 0 || deps.enqueue === undefined) return { value, unscheduled: 0 };
  const specs = describeTasks(op, (error, entry) =>
    deps.log?.error({ error, kind: entry.kind, subject: entry.subject }, 'a task cannot be described'),
  );
  return { value, unscheduled: await deps.enqueue(specs, { timeoutMs: tasksTimeoutMs }) };
}

async function transact<T>(deps: OperationDeps, work: (op: Op) => Promise<T>): Promise<{ value: T; op: Op }> {
  const { clock, ids, rules, sealer } = deps;
  for (let attempt = 1; ; attempt += 1) {
    const writes: Promise<unknown>[] = [];
    try {
      return await transaction(deps.db, async (trx) => {
        const now = clock.now();
        const outbox = createOutbox();
        const op: Op = { trx, now, clock, ids, rules, sealer, outbox, writes, announcements: [] };
        const value = await work(op);
        defer(op, flush(op, await prepareFlush(op)));
        return { value, op };
      });
    } catch (thrown) {
      const error = await causeOf(thrown, writes);
      if (!isUndone(error)) throw error;
      if (attempt >= ATTEMPTS_MAX) {
        const detail = 'Too much of this changed at the same moment: try again.';
        throw new RegistryError('unavailable', detail, { cause: error, retryAfterSeconds: 1 });
      }
    }
    await delay(Math.random() * JITTER_MS);
  }
}

/** Whether Postgres undid something for no fault of its own, so that it may be tried again. */
export function isUndone(error: unknown): boolean {
  return RETRYABLE.has(sqlState(error) ?? '') || isPlanStale(error);
}

/** What a transaction failed of: of a deferred write that was refused, or behind which everything else failed, if there is one. */
async function causeOf(thrown: unknown, writes: readonly Promise<unknown>[]): Promise<unknown> {
  if (thrown instanceof RegistryError) return thrown;
  const settled = await Promise.allSettled(writes);
  const reasons = settled.flatMap((write): unknown[] => (write.status === 'rejected' ? [write.reason] : []));
  const refusal = reasons.find((reason) => reason instanceof RegistryError);
  return refusal ?? (sqlState(thrown) === ABORTED ? (reasons[0] ?? thrown) : thrown);
}
