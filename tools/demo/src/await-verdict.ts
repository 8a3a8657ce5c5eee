import type { Job, Verification } from '@agent-registry/schemas';
import type { Actor } from './scene.ts';

const calls = 3;
const waitSeconds = 20;

/** The client awaits the verdict on the last delivery, as long as a minute. */
export async function awaitVerdict(
  client: Actor,
  jobId: string,
): Promise<{ job: Job; verification: Verification }> {
  for (let call = 0; call < calls; call += 1) {
    const { job, verification } = await client.client.verifyJob({ job_id: jobId }, { waitSeconds });
    if (verification !== null) return { job, verification };
  }
  throw new Error(`there is no verdict after ${calls * waitSeconds} s`);
}

/** `length ✓  sorted ✗`. */
export function listResults({ results }: Verification): string {
  return results.map(({ test_id, passed }) => `${test_id} ${passed ? '✓' : '✗'}`).join('  ');
}
