import {
  type Endpoint,
  flushOutbox,
  type JobRow,
  listWebhookSources,
  type OutboxEntry,
  type OutboxRow,
} from '@agent-registry/db';
import { wantedTimers } from '@agent-registry/domain';
import { JOB_TIMERS, type TaskSpec } from '@agent-registry/schemas';
import { describeTask } from './describe-task.ts';
import { timedJob, timerSubject } from './jobs/timed-job.ts';
import { completeLeaves } from './log/record-leaf.ts';
import type { Op, Outbox } from './op.ts';
import { refuseOverHour } from './storage/charge-storage.ts';

export function createOutbox(): Outbox {
  return {
    events: [],
    deliveries: [],
    entries: new Map(),
    jobs: new Map(),
    keptBytes: [],
    writtenBytes: null,
    log: { leaves: [], salts: new Map() },
    due: [],
    sources: new Map(),
  };
}

/** Has something happen at a time, by a task. */
export function schedule(op: Op, entry: Omit<OutboxEntry, 'outbox_id'>): void {
  const name = [entry.kind, entry.subject, entry.cycle, entry.attempt].join(' ');
  op.outbox.entries.set(name, { ...entry, outbox_id: op.ids.next() });
}

type LogRows = Awaited<ReturnType<typeof completeLeaves>>;

/** What must be known before `flush`: all that the operation wants to happen, and what its tasks and leaves are made of. */
export async function prepareFlush(op: Op): Promise<LogRows> {
  const { entries, jobs, due, sources } = op.outbox;
  for (const job of jobs.values()) scheduleTimers(op, job);
  // Deliveries of events that happened before: retries, and what is sent again.
  const again = [...due, ...entries.values()].filter(({ kind }) => kind === 'webhook');
  if (again.length === 0) return completeLeaves(op);
  const deliveryIds = again.map(({ subject }) => subject);
  for (const source of await listWebhookSources(op.trx, deliveryIds)) sources.set(source.delivery_id, source);
  return completeLeaves(op);
}

/** Writes what the operation leads to, by one statement that is asked for before this returns. Nothing may be scheduled after it. */
export async function flush(op: Op, logged: LogRows): Promise<void> {
  const { events, deliveries, entries, jobs, keptBytes, writtenBytes, due } = op.outbox;
  const amount = events.length + entries.size + jobs.size + keptBytes.length;
  if (amount + logged.leaves.length === 0 && writtenBytes === null) return;
  const values = {
    events,
    deliveries,
    entries: [...entries.values()],
    oldTimers: oldTimers(op),
    keptBytes,
    writtenBytes,
    ...logged,
  };
  const flushed = await flushOutbox(op.trx, values, op.now).catch((error: unknown) => {
    refuseOverHour(op, error);
    throw error;
  });
  due.push(...flushed.due.map((row) => noteSource(op, row)));
  op.announcements.push(...flushed.awaited.map(feedKey));
}

/** The key under which an agent's events are announced to requests that wait for one. */
export function feedKey(agentId: string): string {
  return `feed:${agentId}`;
}

/** A job's timers are those that its state wants; what it no longer wants is deleted. */
function scheduleTimers(op: Op, job: JobRow): void {
  for (const { timer, dueAt } of wantedTimers(timedJob(job), op.rules)) {
    const subject = timerSubject(job.job_id, timer);
    schedule(op, { kind: 'timer', subject, cycle: 1, attempt: 1, job_id: job.job_id, due_at: dueAt });
  }
}

/** Timers that the jobs which have moved do not want now. */
function oldTimers({ outbox: { entries, jobs } }: Op): string[] {
  const wanted = new Set([...entries.values()].map(({ subject }) => subject));
  const all = [...jobs.keys()].flatMap((jobId) => JOB_TIMERS.map((timer) => timerSubject(jobId, timer)));
  return all.filter((subject) => !wanted.has(subject));
}

/** The task of a new delivery is made of what the operation itself knows. */
function noteSource(op: Op, row: OutboxRow & Partial<Endpoint>): OutboxRow {
  const event = op.outbox.deliveries.find(({ delivery_id }) => delivery_id === row.subject)?.event;
  if (event !== undefined) op.outbox.sources.set(row.subject, { ...event, ...(row as Endpoint) });
  return row;
}

/** The tasks of what was committed. One that cannot be described, as when a secret's seal does not open, is left out. */
export function describeTasks(op: Op, onError: (error: unknown, row: OutboxRow) => void): TaskSpec[] {
  return op.outbox.due.flatMap((row) => {
    try {
      return describeTask(op, row, op.outbox.sources.get(row.subject)) ?? [];
    } catch (error) {
      onError(error, row);
      return [];
    }
  });
}
