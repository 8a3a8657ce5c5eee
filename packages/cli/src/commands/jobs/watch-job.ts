import { setTimeout as delay } from 'node:timers/promises';
import type { JobStatus, TimelineEvent } from '@agent-registry/client';
import type { At } from '../../at.ts';
import { line, toned } from '../../terminal/document.ts';

const POLL_MS = 1_000;
/** `failed` may still be disputed, but need not be. */
const ENDED: ReadonlySet<JobStatus> = new Set(['completed', 'failed', 'resolved', 'cancelled']);

/** Everything that happened to the job and happens until it has ended, each once, oldest first. */
export async function* watchJob(
  { client, io, tell }: At,
  jobId: string,
): AsyncGenerator<TimelineEvent, void> {
  const seen = new Set<string>();
  let changedAt = '';
  for (;;) {
    const job = await client.getJob({ job_id: jobId });
    if (job.updated_at !== changedAt) {
      for await (const event of client.iterate('listJobEvents', { job_id: jobId })) {
        if (seen.has(event.event_id)) continue;
        seen.add(event.event_id);
        yield event;
      }
    }
    if (ENDED.has(job.status)) return tell([line(toned('quiet', `The job has ended: ${job.status}.`))]);
    changedAt = job.updated_at;
    await delay(POLL_MS, undefined, { signal: io.signal });
  }
}
