import { type Db, findOutbox } from '@agent-registry/db';

/**
 * Whether a newer task stands for the same outbox entry: its generation was raised since, by the sweep or because its time
 * moved. On queues without a limit of attempts the older task must end, or each outage would leave one more that never does.
 */
export async function isSuperseded(
  db: Db,
  entry: {
    kind: 'verification' | 'timer' | 'criteria_check' | 'rejudgement';
    subject: string;
    generation: number;
    cycle?: number;
  },
): Promise<boolean> {
  const { kind, subject, generation, cycle = 1 } = entry;
  const row = await findOutbox(db, { kind, subject, cycle, attempt: 1 });
  return row !== undefined && row.generation > generation;
}
