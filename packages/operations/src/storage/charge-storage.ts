import {
  bytesOverHour,
  findStorageUsage,
  hasPaidFees,
  type StorageUsage,
  type StorageWriter,
} from '@agent-registry/db';
import { CHECK_DAY_MS, hourOf, nextHour, RECENT_FEES_MS } from '@agent-registry/domain';
import { RegistryError } from '@agent-registry/schemas';
import type { Op } from '../op.ts';

const MIB = 1_048_576;
/**
 * What an agent may keep at once, write in an hour, and all agents of one address together: bytes. The first `hourOfPayer` of
 * an agent whose jobs paid a fee of late are its own, whatever others of its address wrote. Agents are free to make and fees
 * are not, so one address comes to `hourOfAddress` and `hourOfPayer` for each fee that was paid, however many agents it has.
 */
export const STORAGE_LIMITS = {
  kept: 64 * MIB,
  hourOfAgent: 16 * MIB,
  hourOfAddress: 256 * MIB,
  hourOfPayer: 2 * MIB,
} as const;
/** What a request writes beside its body: rows, an event, its deliveries. */
const OVERHEAD_BYTES = 256;

/** Whose request it is, and where it came from. */
export type Writer = Omit<StorageWriter, 'hour'>;

/** What a request wrote. */
export interface StorageCharge {
  readonly bodyBytes: number;
  /** Bytes of the answer that is kept under the request's Idempotency-Key; 0 without one. */
  readonly answerBytes: number;
  /** The unfinished job it wrote to: kept until the job ends. */
  readonly jobId?: string;
  /** The check of criteria it asked for: kept for a day. */
  readonly checkId?: string;
  /** The listing it wrote, and how large that is now. */
  readonly listing?: { readonly id: string; readonly bytes: number };
  /** False where the agent must be able to go on with what has been agreed: it is counted and never refused. */
  readonly refusable: boolean;
}

const writerIn = (op: Op, writer: Writer): StorageWriter => ({ ...writer, hour: hourOf(op.now) });

/** What a writer has kept and written by now. */
export function readStorageUsage(op: Op, writer: Writer): Promise<StorageUsage> {
  return findStorageUsage(op.trx, writerIn(op, writer), op.now);
}

/** Refuses a request of so many bytes before it writes any. @throws RegistryError storage_budget. */
export async function assertStorage(
  op: Op,
  writer: Writer,
  usage: StorageUsage,
  bytes: number,
): Promise<void> {
  const hour = { until: nextHour(op.now), retries: true };
  refuseOver(op, usage.byAgent + bytes, STORAGE_LIMITS.hourOfAgent, 'You write', hour);
  const byAddress = usage.byAddress + bytes;
  if (
    byAddress > STORAGE_LIMITS.hourOfAddress &&
    !(await isItsOwn(op, writer.agentId, usage.byAgent + bytes))
  ) {
    refuseOver(
      op,
      byAddress,
      STORAGE_LIMITS.hourOfAddress,
      `Apart from the first ${inMib(STORAGE_LIMITS.hourOfPayer)} of each whose jobs paid a fee within 30 days, the agents of your address write`,
      hour,
    );
  }
  const frees = { until: usage.nextExpiry, retries: false };
  refuseOver(op, usage.kept + bytes, STORAGE_LIMITS.kept, 'You keep', frees);
}

/** Whether so many bytes of an hour are an agent's whatever its neighbours wrote. */
async function isItsOwn(op: Op, agentId: string, bytes: number): Promise<boolean> {
  if (bytes > STORAGE_LIMITS.hourOfPayer) return false;
  return hasPaidFees(op.trx, agentId, new Date(op.now.getTime() - RECENT_FEES_MS), 'party');
}

/**
 * Counts what a request wrote on its agent's account, when its operation commits: from then on the agent's other requests wait for
 * the row. Nobody else's do. Requests at once that are too much together fail by `refuseOverHour`.
 */
export function chargeStorage(op: Op, writer: Writer, charge: StorageCharge): void {
  const { agentId: agent_id, address } = writer;
  const { jobId, checkId, listing, refusable, bodyBytes, answerBytes } = charge;
  const keep = (subject: string, kept: number, expires_at: Date | null = null) =>
    op.outbox.keptBytes.push({ agent_id, subject, bytes: kept, expires_at });
  const after = (ms: number) => new Date(op.now.getTime() + ms);
  if (jobId !== undefined) keep(`job:${jobId}`, bodyBytes);
  if (checkId !== undefined) keep(`check:${checkId}`, bodyBytes, after(CHECK_DAY_MS));
  if (listing !== undefined) keep(`listing:${listing.id}`, listing.bytes);
  if (refusable) {
    keep(`events:${op.now.toISOString().slice(0, 10)}`, OVERHEAD_BYTES, after(op.rules.eventRetentionMs));
  }
  // The answer kept is no part of what was asserted: it may lead over the budget once, not the request into it.
  const most = refusable ? STORAGE_LIMITS.hourOfAgent + answerBytes + OVERHEAD_BYTES : null;
  const bytes = bodyBytes + answerBytes + OVERHEAD_BYTES;
  op.outbox.writtenBytes = { agent_id, hour: hourOf(op.now), address, bytes, most };
}

/** @throws RegistryError storage_budget, where an error says that a request wrote more than its agent's hour holds. */
export function refuseOverHour(op: Op, error: unknown): void {
  const over = bytesOverHour(error);
  if (over === null) return;
  const { hourOfAgent } = STORAGE_LIMITS;
  refuseOver(op, hourOfAgent + over, hourOfAgent, 'You write', { until: nextHour(op.now), retries: true });
}

const inMib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

function refuseOver(
  op: Op,
  bytes: number,
  limit: number,
  what: string,
  frees: { until: Date | null; retries: boolean },
): void {
  if (bytes <= limit) return;
  const used = frees.retries
    ? `${what} ${inMib(limit)} an hour at most, and this would make it ${inMib(bytes)}: it frees at ${frees.until?.toISOString()}.`
    : `${what} ${inMib(limit)} at most, and this would make it ${inMib(bytes)}: a job frees its bytes when it ends, a listing when ` +
      `it shrinks or is archived, events after a time${frees.until === null ? '' : `, next at ${frees.until.toISOString()}`}.`;
  const seconds = frees.until === null ? 0 : Math.ceil((frees.until.getTime() - op.now.getTime()) / 1_000);
  throw new RegistryError('storage_budget', used, frees.retries ? { retryAfterSeconds: seconds } : {});
}
