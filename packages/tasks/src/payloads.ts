import { JOB_TIMERS } from '@agent-registry/schemas';
import { z } from 'zod';

const maxUrlChars = 2_048;
const maxPayloadChars = 65_536;
const maxSealChars = 8_192;

const count = z.int().min(0).max(2_147_483_647);

/** Raised by the sweep before it creates a task again, so that a used name is never met twice. */
const generation = count;

/** `POST /internal/webhook-dispatch`: one attempt at a delivery, as it stood when the task was created. */
export const webhookTask = z.object({
  event: z.string().min(1).max(100),
  job_id: z.uuid().nullable(),
  target_url: z.string().min(1).max(maxUrlChars),
  /** The webhook's body, byte for byte as it was fixed when the event happened. */
  payload: z.string().min(1).max(maxPayloadChars),
  /** The sealed list of the secrets that were valid then. */
  webhook_secret: z.string().min(1).max(maxSealChars),
  delivery_id: z.uuid(),
  cycle: count,
  attempt: z.int().min(1).max(100),
  generation: generation.default(0),
});
export type WebhookTask = z.infer<typeof webhookTask>;

/** `POST /internal/verification-run`. The criteria and the deliverable are read from the database. */
export const verificationTask = z.object({
  run_id: z.uuid(),
  job_id: z.uuid(),
  generation,
});
export type VerificationTask = z.infer<typeof verificationTask>;

/** `POST /internal/criteria-check`: a turn of a dry run, which goes on where the last one ended. */
export const criteriaCheckTask = z.object({ check_id: z.uuid(), generation });
export type CriteriaCheckTask = z.infer<typeof criteriaCheckTask>;

/** `POST /internal/job-deadline`. Whether the time has come is asked of the database, not of the task. */
export const deadlineTask = z.object({ job_id: z.uuid(), timer: z.enum(JOB_TIMERS), generation });
export type DeadlineTask = z.infer<typeof deadlineTask>;

/** `POST /internal/sweep`: what Cloud Scheduler sends says nothing. */
export const sweepTask = z.object({});

/** Where on the dispatcher each kind of task goes. */
export const taskPaths = {
  webhook: '/internal/webhook-dispatch',
  verification: '/internal/verification-run',
  criteriaCheck: '/internal/criteria-check',
  timer: '/internal/job-deadline',
  sweep: '/internal/sweep',
} as const;
