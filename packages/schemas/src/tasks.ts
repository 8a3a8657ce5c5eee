import * as z from 'zod';

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

const count = z.int().min(0).max(2_147_483_647);
/** Raised by the sweep before it creates a task again, since Cloud Tasks refuses a used name. */
const generation = count;

/** The part of an outbox row that the body of its task is made of. */
interface TaskSource {
  readonly subject: string;
  readonly job_id: string | null;
  readonly cycle: number;
  readonly attempt: number;
  readonly generation: number;
}

interface TaskKindEntry {
  /** Null for what Cloud Scheduler calls. */
  readonly queue: TaskQueue | null;
  /** On the dispatcher. */
  readonly path: `/internal/${string}`;
  readonly body: z.ZodType;
  /** The body of an outbox row's task, where the row alone says it. */
  readonly bodyOf?: (row: TaskSource) => Readonly<Record<string, unknown>>;
}

/** The kinds of task that the dispatcher takes. A new one is an entry here and its handler in apps/dispatcher/src/routes.ts. */
export const taskKinds = {
  /** One attempt at a delivery, as it stood when the task was created. */
  webhook: {
    queue: 'webhook-delivery',
    path: '/internal/webhook-dispatch',
    body: z.object({
      event: z.string().min(1).max(100),
      job_id: z.uuid().nullable(),
      target_url: z.string().min(1).max(2_048),
      /** The webhook's body, byte for byte as it was fixed when the event happened. */
      payload: z.string().min(1).max(65_536),
      /** The sealed list of the secrets that were valid then. */
      webhook_secret: z.string().min(1).max(8_192),
      delivery_id: z.uuid(),
      cycle: count,
      attempt: z.int().min(1).max(100),
      generation: generation.default(0),
    }),
  },
  /** The criteria and the deliverable are read from the database. */
  verification: {
    queue: 'verification',
    path: '/internal/verification-run',
    body: z.object({ run_id: z.uuid(), job_id: z.uuid(), generation }),
    bodyOf: ({ subject, job_id, generation }) => ({ run_id: subject, job_id, generation }),
  },
  /** One turn of a dry run; it resumes after the last step that was recorded. */
  criteria_check: {
    queue: 'verification',
    path: '/internal/criteria-check',
    body: z.object({ check_id: z.uuid(), generation }),
    bodyOf: ({ subject, generation }) => ({ check_id: subject, generation }),
  },
  /** A verdict of a recalled runner is judged anew; `cycle` counts how often it was asked for. */
  rejudgement: {
    queue: 'verification',
    path: '/internal/rejudgement',
    body: z.object({ run_id: z.uuid(), cycle: count, generation }),
    bodyOf: ({ subject, cycle, generation }) => ({ run_id: subject, cycle, generation }),
  },
  /** Carries no time: the handler reads from the database whether the timer is due. */
  timer: {
    queue: 'job-deadline',
    path: '/internal/job-deadline',
    body: z.object({ job_id: z.uuid(), timer: z.enum(JOB_TIMERS), generation }),
    bodyOf: ({ subject, generation }) => {
      const [job_id, timer] = subject.split(':');
      return { job_id, timer, generation };
    },
  },
  /** Fetches a card from a stranger's server. Shares the queue of webhooks, which call strangers too. */
  agent_card: {
    queue: 'webhook-delivery',
    path: '/internal/agent-card',
    body: z.object({ agent_id: z.uuid(), look: count, attempt: z.int().min(1).max(100), generation }),
    bodyOf: ({ subject, cycle, attempt, generation }) => ({
      agent_id: subject,
      look: cycle,
      attempt,
      generation,
    }),
  },
  /** Called each minute, with maintenance; a stack that sweeps more often skips maintenance in most sweeps. */
  sweep: {
    queue: null,
    path: '/internal/sweep',
    body: z.object({ maintenance: z.boolean().default(true) }),
  },
} as const satisfies Record<string, TaskKindEntry>;

export type TaskKind = keyof typeof taskKinds;
/** What the handler of a kind of task gets. */
export type TaskBody<Kind extends TaskKind> = z.output<(typeof taskKinds)[Kind]['body']>;
/** What kind of thing an outbox row makes happen. */
export type OutboxKind = Exclude<TaskKind, 'sweep'>;
