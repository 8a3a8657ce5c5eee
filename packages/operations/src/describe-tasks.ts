import { type Db, listOutboxByIds, type OutboxRow } from '@agent-registry/db';
import { alarmAt } from '@agent-registry/domain';
import type { Clock, TaskSpec } from '@agent-registry/schemas';
import { type Sealer, taskId } from '@agent-registry/signing';
import { describeWebhooks, type WebhookTaskBody } from './webhooks/describe-webhooks.ts';

/** The name of an outbox row's task: a new generation is a new name. */
export function taskIdOf(row: OutboxRow): string {
  return taskId(row.kind, row.subject, row.cycle, row.attempt, row.generation);
}

/**
 * The Cloud Tasks that outbox rows stand for, read after the commit that wrote them. Rows that were done meanwhile are
 * left out.
 */
export async function describeTasks(
  deps: { db: Db; clock: Clock; sealer: Sealer },
  outboxIds: readonly string[],
): Promise<TaskSpec[]> {
  const rows = await listOutboxByIds(deps.db, outboxIds);
  const now = deps.clock.now();
  const webhooks = await describeWebhooks(
    deps,
    rows.filter((row) => row.kind === 'webhook'),
  );
  return rows.flatMap((row) => specOf(row, webhooks.get(row.outbox_id), now));
}

function specOf(row: OutboxRow, webhook: WebhookTaskBody | undefined, now: Date): TaskSpec[] {
  const common = { taskId: taskIdOf(row), scheduleAt: row.due_at <= now ? null : alarmAt(row.due_at, now) };
  switch (row.kind) {
    case 'timer': {
      const [jobId, timer] = row.subject.split(':');
      const body = { job_id: jobId, timer, generation: row.generation };
      return [{ ...common, queue: 'job-deadline', path: '/internal/job-deadline', body }];
    }
    case 'verification': {
      const body = { run_id: row.subject, job_id: row.job_id, generation: row.generation };
      return [{ ...common, queue: 'verification', path: '/internal/verification-run', body }];
    }
    case 'criteria_check': {
      const body = { check_id: row.subject, generation: row.generation };
      return [{ ...common, queue: 'verification', path: '/internal/criteria-check', body }];
    }
    case 'webhook':
      if (webhook === undefined) return [];
      return [
        { ...common, queue: 'webhook-delivery', path: '/internal/webhook-dispatch', body: { ...webhook } },
      ];
  }
}
