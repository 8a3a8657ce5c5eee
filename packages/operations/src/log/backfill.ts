import {
  findDeploymentFact,
  listJobPostings,
  listNegotiationEntries,
  listReviewsToLog,
  lockAgentsToLog,
  lockJobsToLog,
  putDeploymentFact,
  tryLockSequencer,
} from '@agent-registry/db';
import { logKey } from '../agents/register-agent.ts';
import { settlementFields } from '../jobs/settle-job.ts';
import type { Op } from '../op.ts';
import { openPostings, reviewFields, reviewOpening, settlementOpenings } from './openings.ts';
import { readSalt, recordLeaf } from './record-leaf.ts';

const BACKFILL_FACT = 'log_backfill';
const BACKFILL_BATCH = 200;
/** Older code may have written without leaves while it was replaced: all is looked through once more, this much later. */
const SECOND_PASS_MS = 3_600_000;
const PASSES = 2;
/** What was proven a moment ago is logged by who noted it. */
const PROVEN_FOR_MS = 60_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const STEPS = ['agents', 'jobs', 'reviews'] as const;

interface Progress {
  readonly pass: number;
  readonly notBefore: string;
  readonly step: (typeof STEPS)[number];
  /** The last row that was looked at. */
  readonly after: string;
}

/**
 * Writes the leaves of what happened before the log began: keys, settlements and reviews, with their own times. One bounded batch a
 * call, going on where the last one ended.
 *
 * @returns how many rows it looked at; none once all is done.
 */
export async function backfillLog(op: Op): Promise<number> {
  if (!(await tryLockSequencer(op.trx))) return 0;
  const begun = (await findDeploymentFact(op.trx, BACKFILL_FACT)) as Progress | undefined;
  const progress = begun ?? { pass: 1, notBefore: op.now.toISOString(), step: 'agents', after: FIRST_ID };
  if (progress.pass > PASSES || new Date(progress.notBefore) > op.now) return 0;
  const ids = await BATCHES[progress.step](op, progress.after);
  await putDeploymentFact(op.trx, BACKFILL_FACT, next(op, progress, ids), op.now);
  return Math.max(ids.length, 1);
}

function next(op: Op, progress: Progress, ids: readonly string[]): Progress {
  if (ids.length === BACKFILL_BATCH) return { ...progress, after: ids.at(-1)! };
  const step = STEPS[STEPS.indexOf(progress.step) + 1];
  if (step !== undefined) return { ...progress, step, after: FIRST_ID };
  const notBefore = new Date(op.now.getTime() + SECOND_PASS_MS).toISOString();
  return { pass: progress.pass + 1, notBefore, step: 'agents', after: FIRST_ID };
}

const BATCHES: Readonly<Record<Progress['step'], (op: Op, after: string) => Promise<string[]>>> = {
  agents: async (op, after) => {
    const rows = await lockAgentsToLog(op.trx, after, BACKFILL_BATCH);
    for (const { agent_id: agentId, public_key: key, proven_at: provenAt, is_logged } of rows)
      if (!is_logged && provenAt !== null && provenAt.getTime() <= op.now.getTime() - PROVEN_FOR_MS)
        logKey(op, { agentId, key, previous: null, reason: 'proven' }, provenAt);
    return rows.map(({ agent_id }) => agent_id);
  },
  jobs: async (op, after) => {
    const rows = await lockJobsToLog(op.trx, after, BACKFILL_BATCH);
    // A job that ended before it was funded is settled too, but no money moved.
    const missing = rows.filter((job) => !job.is_logged && job.funded_at !== null && job.settled_at !== null);
    await Promise.all(
      missing.map(async (job) => {
        readSalt(op, job.job_id);
        const [postings, negotiation] = await Promise.all([
          listJobPostings(op.trx, job.job_id),
          listNegotiationEntries(op.trx, [job.job_id]),
        ]);
        recordLeaf(op, 'settlement', {
          jobId: job.job_id,
          subject: job.job_id,
          fields: settlementFields(job),
          openings: settlementOpenings(job, openPostings(postings).settled, negotiation),
          backfilledAt: job.settled_at!,
        });
      }),
    );
    return rows.map(({ job_id }) => job_id);
  },
  reviews: async (op, after) => {
    const rows = await listReviewsToLog(op.trx, after, BACKFILL_BATCH);
    for (const review of rows.filter(({ is_logged }) => !is_logged)) {
      readSalt(op, review.job_id);
      recordLeaf(op, 'review', {
        jobId: review.job_id,
        subject: review.review_id,
        fields: reviewFields(review),
        openings: { both: reviewOpening(review) },
        backfilledAt: review.created_at,
      });
    }
    return rows.map(({ review_id }) => review_id);
  },
};
