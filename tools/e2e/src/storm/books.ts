import pg from 'pg';
import type { EndedJob } from './check-endings.ts';

/** One delivery as the registry's books have it. */
export interface DeliveryEntry {
  readonly deliveryId: string;
  readonly agentId: string;
  readonly event: string;
  readonly jobId: string | null;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly exhausted: boolean;
  readonly cycle: number;
  readonly attempts: number;
  readonly finishedAt: Date | null;
  readonly log: readonly AttemptEntry[];
  /** What the outbox says is to come. */
  readonly ahead: readonly OutboxEntry[];
}

export interface AttemptEntry {
  readonly cycle: number;
  readonly attempt: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly phase: string | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly nextAttemptAt: Date | null;
}

interface OutboxEntry {
  readonly kind: string;
  readonly subject: string;
  readonly cycle: number;
  readonly attempt: number;
  readonly dueAt: Date;
}

export interface Books {
  readonly deliveries: readonly DeliveryEntry[];
  /** Outbox entries of no delivery. */
  readonly others: readonly OutboxEntry[];
  /** By id, the jobs that money was held for. */
  readonly jobs: ReadonlyMap<string, EndedJob>;
}

const DELIVERIES = `SELECT d.delivery_id AS "deliveryId", d.agent_id AS "agentId", d.event_type AS event, e.job_id AS "jobId",
  d.status, d.exhausted, d.cycle, d.attempts, d.finished_at AS "finishedAt"
  FROM webhook_deliveries d JOIN events e USING (event_id)`;
const ATTEMPTS = `SELECT delivery_id AS "deliveryId", cycle, attempt, started_at AS "startedAt", finished_at AS "finishedAt",
  phase, status, error, next_attempt_at AS "nextAttemptAt" FROM webhook_attempts ORDER BY delivery_id, cycle, attempt`;
const OUTBOX = `SELECT kind, subject, cycle, attempt, due_at AS "dueAt" FROM outbox`;
const GAINED = (
  party: string,
) => `(SELECT coalesce(sum(p.amount), 0) FROM transfers t JOIN postings p USING (transfer_id)
  JOIN accounts a USING (account_id) WHERE t.job_id = j.job_id AND a.kind = 'agent' AND a.owner_id = j.${party}_agent_id)::text AS ${party}`;
const JOBS = `SELECT j.job_id AS "jobId", coalesce(j.resolved_by, CASE j.status WHEN 'failed' THEN 'time' ELSE j.status END) AS by,
  ${GAINED('client')}, ${GAINED('seller')},
  (SELECT count(*) FROM log_leaves l WHERE l.kind = 'settlement' AND l.subject = j.job_id::text)::integer AS leaves
  FROM jobs j WHERE j.funded_at IS NOT NULL`;
const OPEN = `SELECT (SELECT count(*) FROM webhook_deliveries WHERE status = 'pending')::int AS pending,
  (SELECT count(*) FROM outbox)::int AS outbox`;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // The server may be killed; the query that it was at rejects.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** How much is still open. */
export function countOpen(url: string): Promise<{ pending: number; outbox: number }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pending: number; outbox: number }>(OPEN);
    return rows[0]!;
  });
}

/** Reads every delivery with its attempts and what the outbox has of it, and how jobs ended, in one snapshot. */
export function readBooks(url: string): Promise<Books> {
  return withClient(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const deliveries = (await client.query<Omit<DeliveryEntry, 'log' | 'ahead'>>(DELIVERIES)).rows;
    const attempts = (await client.query<AttemptEntry & { deliveryId: string }>(ATTEMPTS)).rows;
    const outbox = (await client.query<OutboxEntry>(OUTBOX)).rows;
    const jobs = (
      await client.query<Record<'client' | 'seller', string> & Omit<EndedJob, 'client' | 'seller'>>(JOBS)
    ).rows;
    const logs = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
    const ahead = Map.groupBy(outbox, ({ kind, subject }) => (kind === 'webhook' ? subject : ''));
    const known = new Set(deliveries.map(({ deliveryId }) => deliveryId));
    return {
      deliveries: deliveries.map((delivery) => ({
        ...delivery,
        log: logs.get(delivery.deliveryId) ?? [],
        ahead: ahead.get(delivery.deliveryId) ?? [],
      })),
      others: outbox.filter(({ kind, subject }) => kind !== 'webhook' || !known.has(subject)),
      jobs: new Map(
        jobs.map((job) => [job.jobId, { ...job, client: BigInt(job.client), seller: BigInt(job.seller) }]),
      ),
    };
  });
}
