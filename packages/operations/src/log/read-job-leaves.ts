import {
  type Db,
  findJobSalt,
  type JobRow,
  type LogLeafRow,
  listAgentPostings,
  listBothReviews,
  listJobPostings,
  listLeavesOfJob,
  listNegotiationEntries,
  listRejudgementsOfJob,
  listVerdicts,
  type RejudgementRow,
  type ReviewRow,
  type VerificationRunRow,
} from '@agent-registry/db';
import { type Part, saltOf } from '@agent-registry/log';
import { operatorReference } from '../operators/move-money.ts';
import { closedSubject, turnedSubject } from '../recalls/open-recall.ts';
import {
  heldOpening,
  oldSettlementOpening,
  openPostings,
  recallOpening,
  reviewOpening,
  sellerVerdictOpening,
  settlementOpenings,
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
  /** Verdicts of it that were judged anew. */
  readonly rejudgements: readonly RejudgementRow[];
}

/** A job's leaves, with what they commit to as the database has it now: in receipts, and for the audit to compare. */
export async function readJobLeaves(db: Db, job: JobRow): Promise<JobLeaves> {
  const id = job.job_id;
  const [rows, salt, negotiation, verdicts, postings, reviews, rejudgements] = await Promise.all([
    listLeavesOfJob(db, id),
    findJobSalt(db, id),
    listNegotiationEntries(db, [id]),
    listVerdicts(db, id),
    listJobPostings(db, id),
    listBothReviews(db, id),
    listRejudgementsOfJob(db, id),
  ]);
  const { held, settled } = openPostings(postings);
  const recalls = await readRecalls(db, job, verdicts, rejudgements);
  const read = ({ kind, subject, leaf }: LogLeafRow): Partial<Record<Part, unknown>> => {
    if (kind === 'terms') return { both: termsOpening(job, negotiation) };
    if (kind === 'escrow_held') return { both: heldOpening(job, held) };
    if (kind === 'settlement')
      return leaf.includes('"commit_seller"')
        ? settlementOpenings(job, settled, negotiation)
        : { both: oldSettlementOpening(job, settled) };
    if (kind === 'review') {
      const review = reviews.find(({ review_id: reviewId }) => reviewId === subject);
      return review === undefined ? {} : { both: reviewOpening(review) };
    }
    if (kind === 'recall') return recalls.get(subject) ?? {};
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
  return { leaves, verdicts, reviews, rejudgements };
}

/** What the leaves commit to that are about verdicts which turned, by their subjects. */
async function readRecalls(
  db: Db,
  job: JobRow,
  verdicts: readonly VerificationRunRow[],
  rejudgements: readonly RejudgementRow[],
): Promise<Map<string, { both: unknown }>> {
  const openings = new Map<string, { both: unknown }>();
  for (const anew of rejudgements) {
    const run = verdicts.find(({ run_id: runId }) => runId === anew.run_id);
    if (run === undefined || (anew.status !== 'turned' && anew.status !== 'closed')) continue;
    openings.set(turnedSubject(run.run_id), { both: recallOpening(job, run, anew, null) });
    if (anew.reference === null) continue;
    const parties = [job.client_agent_id, job.seller_agent_id];
    const postings = await listAgentPostings(db, operatorReference(anew.reference));
    const paid = postings.find(({ owner_id: agentId }) => parties.includes(agentId));
    if (paid !== undefined)
      openings.set(closedSubject(run.run_id), { both: recallOpening(job, run, anew, paid) });
  }
  return openings;
}
