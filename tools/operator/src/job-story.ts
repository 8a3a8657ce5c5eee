import {
  type Db,
  findJob,
  type JobRow,
  listNegotiationEntries,
  listRejudgementsOfJob,
} from '@agent-registry/db';
import { negotiationFault } from '@agent-registry/operations';
import { formatCents, type NegotiationEntry } from '@agent-registry/schemas';
import type { Report } from './report.ts';

interface Step {
  readonly at: Date;
  readonly text: string;
}

/** A job's whole story in the order it happened: offers, events, verification runs, webhook deliveries, transfers. */
export async function inspectJob(db: Db, jobId: string): Promise<Report> {
  const job = await findJob(db, jobId);
  if (job === undefined) return { lines: [`There is no job ${jobId}.`], faults: 1 };
  const entries = await listNegotiationEntries(db, [jobId]);
  const steps = [
    ...entries.map((entry) => offerStep(JSON.parse(entry.entry) as NegotiationEntry, job)),
    ...(await eventSteps(db, jobId)),
    ...(await runSteps(db, jobId)),
    ...(await rejudgementSteps(db, jobId)),
    ...(await transferSteps(db, job)),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  const fault = negotiationFault(entries);
  return {
    lines: [
      `job ${jobId}: ${job.status}${job.outcome === null ? '' : ` (${job.outcome})`}, price ${formatCents(job.price)}`,
      ...steps.map((step) => `${step.at.toISOString()}  ${step.text}`),
      fault === null
        ? 'the negotiation log is as it was written'
        : `the negotiation log was changed: ${fault}`,
    ],
    faults: fault === null ? 0 : 1,
  };
}

function nameOf(job: JobRow, agentId: string | null): string {
  if (agentId === job.client_agent_id) return 'client';
  return agentId === job.seller_agent_id ? 'seller' : (agentId ?? 'nobody');
}

function offerStep(entry: NegotiationEntry, job: JobRow): Step {
  return {
    at: new Date(entry.created_at),
    text: `${entry.kind} by ${nameOf(job, entry.by)}: ${entry.proposed_price}, penalties ${entry.client_abort_penalty} / ${entry.seller_abort_penalty}`,
  };
}

async function eventSteps(db: Db, jobId: string): Promise<Step[]> {
  const rows = await db
    .selectFrom('events as event')
    .leftJoin('webhook_deliveries as delivery', 'delivery.event_id', 'event.event_id')
    .select([
      'event.created_at',
      'event.type',
      'delivery.delivery_id',
      'delivery.status',
      'delivery.attempts',
    ])
    .where('event.job_id', '=', jobId)
    .orderBy('event.created_at')
    .execute();
  return rows.map((row) => ({
    at: row.created_at,
    text: `event ${row.type}${row.delivery_id === null ? '' : `, webhook ${row.delivery_id} ${row.status} after ${row.attempts} attempts`}`,
  }));
}

async function runSteps(db: Db, jobId: string): Promise<Step[]> {
  const rows = await db.selectFrom('verification_runs').selectAll().where('job_id', '=', jobId).execute();
  return rows.map((run) => ({
    at: run.finished_at ?? run.started_at ?? run.delivered_at,
    text: `run ${run.run_id} of delivery ${run.delivery}: ${run.status}${run.summary === null ? '' : `, ${run.summary}`}`,
  }));
}

async function rejudgementSteps(db: Db, jobId: string): Promise<Step[]> {
  const rows = await listRejudgementsOfJob(db, jobId);
  return rows.map(({ run_id, status, verdict, reference, reason, ...times }) => ({
    at: times.closed_at ?? times.finished_at ?? times.requested_at,
    text: `run ${run_id} judged anew: ${[status, verdict, reference, reason].filter((word) => word !== null).join(', ')}`,
  }));
}

async function transferSteps(db: Db, job: JobRow): Promise<Step[]> {
  const rows = await db
    .selectFrom('transfers as transfer')
    .innerJoin('postings as posting', 'posting.transfer_id', 'transfer.transfer_id')
    .innerJoin('accounts as account', 'account.account_id', 'posting.account_id')
    .select([
      'transfer.transfer_id',
      'transfer.created_at',
      'transfer.kind',
      'account.kind as account',
      'account.owner_id',
      'posting.amount',
    ])
    .where('transfer.job_id', '=', job.job_id)
    .orderBy('posting.posting_id')
    .execute();
  return [...Map.groupBy(rows, (row) => row.transfer_id).values()].map((postings) => ({
    at: postings[0]!.created_at,
    text: `${postings[0]!.kind}: ${postings
      .map(
        (row) =>
          `${row.account === 'agent' ? nameOf(job, row.owner_id) : row.account} ${row.amount > 0n ? '+' : ''}${formatCents(row.amount)}`,
      )
      .join(', ')}`,
  }));
}
