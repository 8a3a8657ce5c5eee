// A task as the emulator holds it, and as the API shows it.
import type { protos } from '@google-cloud/tasks';
import { type RetryConfig, retryToWire } from './backoff.ts';
import type { HeapItem } from './heap.ts';
import { taskName } from './names.ts';
import { msToWire } from './wire-time.ts';

/** v2's task, whose own retries the client's types do not know yet. */
export type ITask = protos.google.cloud.tasks.v2.ITask & {
  retryConfig?: protos.google.cloud.tasks.v2.IRetryConfig | null;
};
type IAttempt = protos.google.cloud.tasks.v2.IAttempt;

export interface HttpTarget {
  readonly url: string;
  readonly method: 'POST' | 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS';
  /** The creator's headers, without those Cloud Tasks sets itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly oidc: { readonly email: string; readonly audience: string } | null;
}

/** What is known of one attempt; times in milliseconds since 1970. */
export interface Attempt {
  readonly scheduleMs: number;
  readonly dispatchMs: number;
  readonly responseMs: number | null;
  /** The HTTP status, or null when no answer came. */
  readonly httpStatus: number | null;
  /** Why it failed, in words, for the TaskRetryReason header. */
  readonly reason: string;
  /** google.rpc code of the outcome. */
  readonly code: number;
}

/** The part of a task that attempts change. */
export interface TaskProgress {
  scheduleMs: number;
  /** Attempts that have ended; those under way are counted in Task.running, so a crash forgets them. */
  dispatchCount: number;
  /** Attempts that got any answer. */
  responseCount: number;
  /** Attempts that got an answer other than 5xx: the TaskExecutionCount header. */
  executionCount: number;
  firstAttempt: Attempt | null;
  lastAttempt: Attempt | null;
}

export interface NewTask {
  readonly id: string;
  /** False when the emulator made the id up: such a name needs no protection from reuse. */
  readonly named: boolean;
  readonly createMs: number;
  readonly deadlineMs: number;
  readonly target: HttpTarget;
  /** In place of the queue's. */
  readonly retry?: RetryConfig;
}

export interface Task extends NewTask, TaskProgress, HeapItem {
  /** Order of creation, for ties between tasks due at the same moment and for pages of ListTasks. */
  readonly seq: number;
  /** Attempts under way; more than one only after RunTask. */
  running: number;
}

export const freshProgress = (scheduleMs: number): TaskProgress => ({
  scheduleMs,
  dispatchCount: 0,
  responseCount: 0,
  executionCount: 0,
  firstAttempt: null,
  lastAttempt: null,
});

/** Only the fields of TaskProgress, copied. */
export const progressOf = (task: TaskProgress): TaskProgress => ({
  scheduleMs: task.scheduleMs,
  dispatchCount: task.dispatchCount,
  responseCount: task.responseCount,
  executionCount: task.executionCount,
  firstAttempt: task.firstAttempt,
  lastAttempt: task.lastAttempt,
});

/** What a failed attempt leaves behind; the next schedule time is the caller's to set. */
export const progressAfterFailure = (
  task: TaskProgress,
  outcome: Pick<Attempt, 'httpStatus' | 'code' | 'reason'>,
  times: { scheduleMs: number; dispatchMs: number; endMs: number },
): TaskProgress => {
  const { httpStatus, code, reason } = outcome;
  const { scheduleMs, dispatchMs, endMs } = times;
  const responseMs = httpStatus === null ? null : endMs;
  const last: Attempt = { scheduleMs, dispatchMs, responseMs, httpStatus, code, reason };
  const progress = progressOf(task);
  progress.dispatchCount += 1;
  if (httpStatus !== null) progress.responseCount += 1;
  if (httpStatus !== null && httpStatus < 500) progress.executionCount += 1;
  progress.firstAttempt ??= last;
  progress.lastAttempt = last;
  return progress;
};

const lastAttemptToWire = (attempt: Attempt): IAttempt => ({
  scheduleTime: msToWire(attempt.scheduleMs),
  dispatchTime: msToWire(attempt.dispatchMs),
  responseTime: attempt.responseMs === null ? null : msToWire(attempt.responseMs),
  responseStatus: { code: attempt.code, message: attempt.reason },
});

/** The API's view of a task. The body is shown in the FULL view alone. */
export const taskToWire = (queue: string, task: Task, view: 'BASIC' | 'FULL'): ITask => ({
  name: taskName(queue, task.id),
  httpRequest: {
    url: task.target.url,
    httpMethod: task.target.method,
    headers: { ...task.target.headers },
    ...(view === 'FULL' && task.target.body !== null ? { body: task.target.body } : {}),
    ...(task.target.oidc === null
      ? {}
      : { oidcToken: { serviceAccountEmail: task.target.oidc.email, audience: task.target.oidc.audience } }),
  },
  scheduleTime: msToWire(task.scheduleMs),
  createTime: { seconds: Math.floor(task.createMs / 1000), nanos: 0 }, // Whole seconds, as in the product.
  dispatchDeadline: msToWire(task.deadlineMs),
  dispatchCount: task.dispatchCount + task.running,
  responseCount: task.responseCount,
  firstAttempt: task.firstAttempt === null ? null : { dispatchTime: msToWire(task.firstAttempt.dispatchMs) },
  lastAttempt: task.lastAttempt === null ? null : lastAttemptToWire(task.lastAttempt),
  ...(task.retry === undefined ? {} : { retryConfig: retryToWire(task.retry) }),
  view,
});
