import type { AgentCalls, Job, JobStatus } from './api.generated.ts';
import type { CallOptions } from './connection.ts';
import { pause } from './pause.ts';

export interface WaitOptions {
  /** Ends the wait; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How often the job is looked at, milliseconds; 1,000 when absent. */
  readonly pollMs?: number | undefined;
}

/** States that a job does not leave by itself; `failed` may still be disputed. */
const ENDED: ReadonlySet<JobStatus> = new Set(['completed', 'failed', 'resolved', 'cancelled']);
const POLL_MS = 1_000;

/** The job that was waited for has ended in another state. */
export class JobEnded extends Error {
  readonly job: Job;

  constructor(job: Job, statuses: readonly JobStatus[]) {
    super(`job ${job.job_id} is ${job.status} and will not be ${statuses.join(' or ')}`);
    this.name = 'JobEnded';
    this.job = job;
  }
}

/** Looks at the job until it is in one of the states. */
export async function waitForJob(
  client: Pick<AgentCalls<CallOptions>, 'getJob'>,
  jobId: string,
  statuses: readonly JobStatus[],
  { signal, pollMs = POLL_MS }: WaitOptions = {},
): Promise<Job> {
  for (;;) {
    const job = await client.getJob({ job_id: jobId }, { signal });
    if (statuses.includes(job.status)) return job;
    if (ENDED.has(job.status)) throw new JobEnded(job, statuses);
    await pause(pollMs, signal);
  }
}
