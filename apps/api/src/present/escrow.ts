import type { JobRow } from '@agent-registry/db';
import { type Escrow, formatCents } from '@agent-registry/schemas';
import { optionalTime, time } from './time.ts';

/** What a funded job holds. */
export function presentEscrow(job: JobRow): Escrow {
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
