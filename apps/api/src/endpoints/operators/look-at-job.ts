import { findJob, type JobRow, listEventsOfJob, listReviewsOfJob, listRuns } from '@agent-registry/db';
import { contracts, formatCents, type WebhookEvent } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { existing } from '../../existing.ts';
import { evidencePage, showEvidence } from '../../present/evidence.ts';
import { presentEscrow, presentJob } from '../../present/job.ts';
import { presentReview } from '../../present/review.ts';
import { presentRun } from '../../present/verification.ts';
import { revealHiddenCases } from '../jobs/reveal-hidden-cases.ts';

/** Each run is kept in a mebibyte at most, so that the whole stays a few megabytes. */
const RUNS_MAX = 7;
const EVENTS_MAX = 200;
const EVIDENCE_MAX = 100;
const from = (limit: number) => ({ limit, offset: 0, after: null });

export const lookAtJob = reading({
  contract: contracts.operatorGetJob,
  async read(context, { params: { job_id } }) {
    const { db } = context;
    const job = existing(await findJob(db, job_id), 'job');
    const [view, hidden, runs, shown, events, reviews] = await Promise.all([
      presentJob(db, job, job.seller_agent_id),
      revealHiddenCases(context, job),
      listRuns(db, job_id, from(RUNS_MAX)),
      evidencePage(db, job_id, from(EVIDENCE_MAX)),
      listEventsOfJob(db, job_id, from(EVENTS_MAX)),
      listReviewsOfJob(db, job_id, from(2)),
    ]);
    return {
      job: { ...view, ...hidden },
      ...moneyOf(job),
      runs: runs.map((run) => presentRun(job, run, 'seller')),
      evidence: shown.items,
      events: events.map(({ body }) => JSON.parse(body) as WebhookEvent),
      reviews: reviews.map(presentReview),
    };
  },
});

function moneyOf(job: JobRow) {
  const holds = job.funded_at !== null && job.settled_at === null;
  const optional = (cents: bigint | null) => (cents === null ? null : formatCents(cents));
  return {
    outcome: job.outcome,
    outcome_reason: job.outcome_reason,
    resolved_by: job.resolved_by,
    escrow: job.funded_at === null ? null : presentEscrow(job),
    held: formatCents(holds ? job.price + job.seller_abort_penalty : 0n),
    fee_percent: job.fee_rate_ppm === null ? null : String(job.fee_rate_ppm / 1_000_000),
    client_share: optional(job.client_share),
    seller_share: optional(job.seller_share),
  };
}

export const lookAtEvidence = reading({
  contract: contracts.operatorGetEvidence,
  read: (context, { params }) => showEvidence(context.db, params),
});
