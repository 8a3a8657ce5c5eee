import { describe, expect, test } from '@jest/globals';
import type { Job, JobStatus } from './api.generated.ts';
import { JobEnded, waitForJob } from './wait-for-job.ts';

/** A registry whose job is in each of these states, look by look. */
function jobThatBecomes(...statuses: JobStatus[]) {
  let looks = 0;
  const getJob = async ({ job_id }: { job_id: string }): Promise<Job> => {
    const status = statuses[Math.min(looks, statuses.length - 1)]!;
    looks += 1;
    return { job_id, status } as Job;
  };
  return { getJob };
}
const soon = { pollMs: 1 };

describe('waitForJob', () => {
  test('waitForJob resolves to the job once it is in one of the states', async () => {
    const registry = jobThatBecomes('proposed', 'negotiating', 'agreed');
    await expect(waitForJob(registry, 'j', ['agreed', 'funded'], soon)).resolves.toMatchObject({
      status: 'agreed',
    });
  });

  test('waitForJob rejects with the job when it has ended in another state, so that nobody waits for ever', async () => {
    const ended = await waitForJob(jobThatBecomes('funded', 'cancelled'), 'j', ['completed'], soon).catch(
      (error: unknown) => error,
    );
    expect(ended).toBeInstanceOf(JobEnded);
    expect((ended as JobEnded).job.status).toBe('cancelled');
  });

  test('waitForJob ends with the reason of its signal', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const waiting = waitForJob(jobThatBecomes('proposed'), 'j', ['agreed'], { signal, pollMs: 60_000 });
    await expect(waiting).rejects.toBe(reason);
  });
});
