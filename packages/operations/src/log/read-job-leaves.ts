import {
  type Db,
  findJobSalt,
  type JobRow,
  type LogLeafRow,
  listBothReviews,
  listJobPostings,
  listLeavesOfJob,
  listNegotiationEntries,
  listVerdicts,
  type ReviewRow,
  type VerificationRunRow,
} from '@agent-registry/db';
import { type Part, saltOf } from '@agent-registry/log';
import {
  heldOpening,
  openPostings,
  reviewOpening,
  sellerVerdictOpening,
  settlementOpening,
  termsOpening,
  verdictOpening,
} from './openings.ts';

/** What a leaf commits to, with the salt in hex. */
export interface Opening {
  readonly part: Part;
  readonly salt: string;
  readonly opening: unknown;
}

export interface JobLeaf {
  readonly row: LogLeafRow;
  /** None where what the leaf is about is gone. */
  readonly openings: readonly Opening[];
}

export interface JobLeaves {
  readonly leaves: readonly JobLeaf[];
  readonly verdicts: readonly VerificationRunRow[];
  readonly reviews: readonly ReviewRow[];
}

/** A job's leaves, with what they commit to as the database has it now: in receipts, and for the audit to compare. */
export async function readJobLeaves(db: Db, job: JobRow): Promise<JobLeaves> {
  const id = job.job_id;
  const [rows, salt, negotiation, verdicts, postings, reviews] = await Promise.all([
    listLeavesOfJob(db, id),
    findJobSalt(db, id),
    listNegotiationEntries(db, [id]),
    listVerdicts(db, id),
    listJobPostings(db, id),
    listBothReviews(db, id),
  ]);
  const { held, settled } = openPostings(postings);
  const read = ({ kind, subject }: LogLeafRow): Partial<Record<Part, unknown>> => {
    if (kind === 'terms') return { both: termsOpening(job, negotiation) };
    if (kind === 'escrow_held') return { both: heldOpening(job, held) };
    if (kind === 'settlement') return { both: settlementOpening(job, settled) };
    if (kind === 'review') {
      const review = reviews.find(({ review_id: reviewId }) => reviewId === subject);
      return review === undefined ? {} : { both: reviewOpening(review) };
    }
    const run = verdicts.find(({ run_id: runId }) => runId === subject);
    if (run === undefined || (run.status !== 'pass' && run.status !== 'fail')) return {};
    return { both: verdictOpening(job, run, run.status), seller: sellerVerdictOpening(run) };
  };
  const leaves = rows.map((row) => ({
    row,
    openings: Object.entries(read(row)).flatMap(([part, opening]) =>
      salt === undefined
        ? []
        : [{ part: part as Part, salt: saltOf(salt, row.leaf_id, part as Part).toString('hex'), opening }],
    ),
  }));
  return { leaves, verdicts, reviews };
}
