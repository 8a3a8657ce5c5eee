import { type Db, type JobRow, listNegotiationEntries } from '@agent-registry/db';
import { disclosureBits, outlineOf, resultVisible, roleOf } from '@agent-registry/domain';
import type { NegotiatedJob } from '@agent-registry/operations';
import {
  type Escrow,
  formatCents,
  type Job,
  type JobRole,
  type NegotiationEntry,
  SentJson,
} from '@agent-registry/schemas';
import { optionalTime, time } from './time.ts';

/** Whether this party may see what was delivered, and with it what the tests said of it. */
export function seesResult(job: JobRow, role: JobRole): boolean {
  return resultVisible({
    role,
    status: job.status,
    hasCriteria: job.acceptance_criteria !== null,
    // What the rules paid when nobody resolved the dispute is no award: a bond that came back buys no view of the work.
    sellerShare: job.outcome === 'resolved' ? job.seller_share : null,
  });
}

/** Jobs as one agent sees them, in the order given. An operator sees them as the client does: without hidden results. */
export async function presentJobs(db: Db, jobs: readonly JobRow[], viewerId: string | null): Promise<Job[]> {
  const entries = await listNegotiationEntries(
    db,
    jobs.map((job) => job.job_id),
  );
  const byJob = Map.groupBy(entries, (entry) => entry.job_id);
  return jobs.map((job) => {
    const role = viewerId === null ? 'client' : (roleOf(job, viewerId) ?? 'client');
    return present(job, byJob.get(job.job_id) ?? [], seesResult(job, role));
  });
}

/** A job whose negotiation is at hand, as one of its parties sees it. */
export function presentNegotiated(job: NegotiatedJob, viewerId: string): Job {
  return present(job, job.negotiation, seesResult(job, roleOf(job, viewerId) ?? 'client'));
}

export async function presentJob(db: Db, job: JobRow, viewerId: string | null): Promise<Job> {
  const [view] = await presentJobs(db, [job], viewerId);
  return view!;
}

function present(job: JobRow, entries: NegotiatedJob['negotiation'], withResult: boolean): Job {
  return {
    job_id: job.job_id,
    client_agent_id: job.client_agent_id,
    seller_agent_id: job.seller_agent_id,
    listing_id: job.listing_id,
    status: job.status,
    acceptance_criteria: optionalJson(job.acceptance_criteria),
    acceptance_criteria_hash: job.acceptance_criteria_hash,
    requirements: optionalJson(job.requirements),
    agreed_price: formatCents(job.price),
    client_abort_penalty: formatCents(job.client_abort_penalty),
    seller_abort_penalty: formatCents(job.seller_abort_penalty),
    delivery_deadline: optionalTime(job.delivery_deadline),
    negotiation_log: entries.map(presentEntry),
    max_rounds: job.max_rounds,
    current_round: job.current_round,
    result: withResult ? optionalJson(job.result) : null,
    disclosure_bits:
      job.acceptance_criteria === null
        ? null
        : disclosureBits(outlineOf(job.acceptance_criteria), job.verdict_fail_step_ms),
    suite_proof: job.suite_proof,
    created_at: time(job.created_at),
    updated_at: time(job.updated_at),
  };
}

function presentEntry(row: NegotiatedJob['negotiation'][number]): NegotiationEntry {
  // Steps are kept in canonical form, which is how JSON.stringify writes them again.
  const { job_id: _, ...entry } = JSON.parse(row.entry) as Omit<NegotiationEntry, 'seq'> & { job_id: string };
  // Existing clients read the step by other names; what the hash covers stays as it was written.
  const aliases = { action: entry.kind, proposer: entry.by, timestamp: entry.created_at };
  return { ...entry, ...aliases, seq: row.seq, previous_hash: row.previous_hash, hash: row.hash };
}

function optionalJson(text: string | null): unknown {
  return text === null ? null : new SentJson(text);
}

type EscrowedJob = Pick<
  JobRow,
  | 'job_id'
  | 'client_agent_id'
  | 'seller_agent_id'
  | 'price'
  | 'escrow_id'
  | 'escrow_status'
  | 'funded_at'
  | 'settled_at'
>;

/** What a funded job holds. */
export function presentEscrow(job: EscrowedJob): Escrow {
  if (job.escrow_id === null || job.escrow_status === null || job.funded_at === null) {
    throw new Error('invariant: a funded job has its escrow');
  }
  return {
    escrow_id: job.escrow_id,
    job_id: job.job_id,
    client_agent_id: job.client_agent_id,
    seller_agent_id: job.seller_agent_id,
    amount: formatCents(job.price),
    status: job.escrow_status === 'held' ? 'funded' : job.escrow_status,
    funded_at: time(job.funded_at),
    released_at: optionalTime(job.settled_at),
  };
}
