import { insertNegotiationEntry, type JobRow, type NegotiationEntryRow } from '@agent-registry/db';
import {
  formatCents,
  type NegotiationEntry as LoggedStep,
  type NegotiationKind,
} from '@agent-registry/schemas';
import { canonicalJson, chainHash } from '@agent-registry/signing';
import { defer, type Op } from '../op.ts';

export interface NegotiationStep {
  readonly kind: NegotiationKind;
  readonly by: string;
  readonly counterTerms?: unknown;
  readonly acceptedTerms?: unknown;
  readonly message?: string | null;
  /** What only steps of this kind say. */
  readonly members?: Partial<LoggedStep>;
}

/** A job with all of its negotiation log, the first step first. */
export type NegotiatedJob = JobRow & { readonly negotiation: readonly NegotiationEntry[] };
/** A step as it is kept. */
type NegotiationEntry = Omit<NegotiationEntryRow, 'entry_bytes'>;

/** Adds a step to a job's negotiation log, chained to the one before by its hash. The job is locked, so steps never race. */
export function appendNegotiation(op: Op, job: NegotiatedJob, step: NegotiationStep): NegotiatedJob {
  const before = job.negotiation;
  const last = before.at(-1);
  const seq = (last?.seq ?? 0) + 1;
  const previous = last?.hash ?? null;
  const entry = {
    job_id: job.job_id,
    seq,
    kind: step.kind,
    round: job.current_round,
    by: step.by,
    proposed_price: formatCents(job.price),
    client_abort_penalty: formatCents(job.client_abort_penalty),
    seller_abort_penalty: formatCents(job.seller_abort_penalty),
    counter_terms: step.counterTerms ?? null,
    accepted_terms: step.acceptedTerms ?? null,
    message: step.message ?? null,
    acceptance_criteria_hash: job.acceptance_criteria_hash,
    created_at: op.now.toISOString(),
    ...step.members,
  };
  const added = {
    job_id: job.job_id,
    seq,
    entry: canonicalJson(entry),
    previous_hash: previous,
    hash: chainHash(previous, entry),
  };
  defer(op, insertNegotiationEntry(op.trx, added));
  return { ...job, negotiation: [...before, added] };
}

/** What the steps of a job's log say, each with its hash. */
export function stepsOf(
  job: NegotiatedJob,
): Omit<LoggedStep, 'seq' | 'action' | 'proposer' | 'timestamp' | 'previous_hash'>[] {
  return job.negotiation.map(({ entry, hash }) => ({ ...(JSON.parse(entry) as LoggedStep), hash }));
}

/**
 * Checks a job's negotiation log: every hash covers its step and the hash before.
 *
 * @returns what is wrong, in words; null when the chain holds.
 */
export function negotiationFault(
  entries: readonly { seq: number; entry: string; previous_hash: string | null; hash: string }[],
): string | null {
  let previous: string | null = null;
  for (const [index, row] of entries.entries()) {
    if (row.seq !== index + 1) return `step ${index + 1} is missing`;
    if (row.previous_hash !== previous) return `step ${row.seq} does not name the hash before it`;
    if (chainHash(previous, JSON.parse(row.entry)) !== row.hash)
      return `step ${row.seq} does not match its hash`;
    previous = row.hash;
  }
  return null;
}
