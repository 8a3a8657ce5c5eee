import type {
  EventRow,
  JobRow,
  KeptBytes,
  NewDelivery,
  NewLeaf,
  OutboxEntry,
  OutboxRow,
  Tx,
  WrittenBytes,
} from '@agent-registry/db';
import type { Part } from '@agent-registry/log';
import { type Clock, type Ids, type MarketRules, RegistryError } from '@agent-registry/schemas';
import type { Sealer } from '@agent-registry/signing';
import type { WebhookSource } from './describe-task.ts';

/** One operation under way: its transaction, its moment, and what it leads to. */
export interface Op {
  readonly trx: Tx;
  /** When it happens: when the transaction began, or later where it had to wait (`passTime`). */
  now: Date;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rules: MarketRules;
  readonly sealer: Sealer;
  readonly outbox: Outbox;
  /** Statements that nobody waits for before the commit: see `defer`. */
  readonly writes: Promise<unknown>[];
  /** What is announced after the commit: keys such as `job:<id>`. */
  readonly announcements: string[];
}

/** What an operation leads to. It is collected as values, and written in one statement before the commit. */
export interface Outbox {
  readonly events: EventRow[];
  readonly deliveries: NewDelivery[];
  /** By kind, subject, cycle and attempt: what is scheduled twice is due when it was scheduled last. */
  readonly entries: Map<string, OutboxEntry>;
  /** Jobs that have moved, as they are now: their timers follow. */
  readonly jobs: Map<string, JobRow>;
  /** What the request is charged with. */
  readonly keptBytes: KeptBytes[];
  writtenBytes: WrittenBytes | null;
  /** Leaves of the transparency log. */
  readonly log: LogEntries;
  /** Rows whose tasks are created after the commit. */
  readonly due: OutboxRow[];
  /** What the webhook tasks among them are made of, by delivery. */
  readonly sources: Map<string, WebhookSource>;
}

/** Leaves that an operation writes, and the salts of their jobs. */
export interface LogEntries {
  readonly leaves: PendingLeaf[];
  /** By job; what is undefined is made. */
  readonly salts: Map<string, Promise<Buffer | undefined>>;
}

export interface PendingLeaf {
  readonly row: Omit<NewLeaf, 'leaf'>;
  /** The leaf without its commitments. */
  readonly open: object;
  readonly openings: Readonly<Partial<Record<Part, unknown>>>;
}

/**
 * Leaves a statement to be done by the commit: it travels with what is asked for next, or with COMMIT. Where it fails the operation
 * fails, and with its error.
 */
export function defer(op: Op, write: Promise<unknown>): void {
  write.catch(() => undefined); // `commit` asks for the reason.
  op.writes.push(write);
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
