export const TASK_QUEUES = ['webhook-delivery', 'verification', 'job-deadline'] as const;
export type TaskQueue = (typeof TASK_QUEUES)[number];

/** A Cloud Task to be created: where, under which name, with which body, and when. */
export interface TaskSpec {
  readonly queue: TaskQueue;
  /** 32 lower-case hex digits. */
  readonly taskId: string;
  /** Path on the dispatcher, `/internal/…`. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Not before this time; null is at once. */
  readonly scheduleAt: Date | null;
}

/**
 * Creates Cloud Tasks, all of them within `timeoutMs`. Never rejects.
 *
 * @returns how many could not be created; those are left to the sweep.
 */
export type EnqueueTasks = (specs: readonly TaskSpec[], options: { timeoutMs: number }) => Promise<number>;

/** What kind of thing an outbox row makes happen. */
export const OUTBOX_KINDS = ['webhook', 'verification', 'timer', 'criteria_check'] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** The timers of a job; each is one outbox row while it is wanted. */
export const JOB_TIMERS = [
  'proposal_expiry',
  'funding_window',
  'deadline_warning',
  'delivery_deadline',
  'review_window',
  'verification_limit',
  'dispute_window',
  'dispute_resolution',
] as const;
export type JobTimer = (typeof JOB_TIMERS)[number];
