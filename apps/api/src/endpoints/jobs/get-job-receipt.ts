import { type JobRow, transaction } from '@agent-registry/db';
import { resultVisible } from '@agent-registry/domain';
import { readJobLeaves } from '@agent-registry/operations';
import { contracts, type JobRole } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { findPublished, proveLeaves, shownLog } from '../../log/published-log.ts';
import { partyOf } from './party-of.ts';

export const getJobReceipt = reading({
  contract: contracts.getJobReceipt,
  read(context, { params, caller }) {
    const { origin, vkeys } = shownLog(context);
    // On one connection what is asked for together travels together: a dozen reads would be as many round trips.
    return transaction(context.db, async (db) => {
      const { job, role } = await partyOf({ ...context, db }, params.job_id, caller.agentId);
      const [{ leaves }, published] = await Promise.all([readJobLeaves(db, job), findPublished(db)]);
      const isPublished = (index: bigint | null): index is bigint =>
        index !== null && published !== null && index < published.checkpoint.size;
      const indexes = leaves.flatMap(({ row }) =>
        isPublished(row.log_index) ? [Number(row.log_index)] : [],
      );
      const proofs = published === null ? null : await proveLeaves(db, published, indexes);
      const seesAll = maySeeAll(job, role);
      const items = leaves.map(({ row, openings }) => ({
        kind: row.kind,
        leaf: row.leaf.toString(),
        openings: openings.filter(({ part }) => part === 'both' || seesAll),
        proof: isPublished(row.log_index) ? (proofs?.get(Number(row.log_index)) ?? null) : null,
      }));
      const pending = items.some(({ proof }) => proof === null);
      return { job_id: job.job_id, log: { origin, vkeys: [...vkeys] }, pending, items };
    });
  },
});

/** What tests said of the work is the seller's, and the client's once it may see the work. */
function maySeeAll(job: JobRow, role: JobRole): boolean {
  return resultVisible({
    role,
    status: job.status,
    hasCriteria: job.acceptance_criteria !== null,
    sellerShare: job.seller_share,
  });
}
