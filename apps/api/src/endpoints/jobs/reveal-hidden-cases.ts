import type { JobRow } from '@agent-registry/db';
import { openHiddenCases } from '@agent-registry/operations';
import { asSent } from '@agent-registry/schemas';
import { SealError } from '@agent-registry/signing';
import type { ApiContext } from '../../context.ts';

/** Both parties may check the verdicts of a job that has ended. Before, a seller could deliver a table of what it reads. */
export async function revealHiddenCases(
  context: ApiContext,
  job: JobRow,
): Promise<{ hidden_cases?: unknown }> {
  if (job.funded_at === null || job.settled_at === null) return {};
  try {
    const hidden = await openHiddenCases(context, job.job_id);
    return hidden === null ? {} : { hidden_cases: asSent(hidden) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    // The rest of the job can still be told.
    context.log.error({ error, job_id: job.job_id }, 'no accepted key opens the hidden cases of a job');
    return {};
  }
}
