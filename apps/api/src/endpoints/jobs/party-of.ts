import { findJob, type JobRow } from '@agent-registry/db';
import { roleOf } from '@agent-registry/domain';
import { type JobRole, RegistryError } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';

/** A job and the party the caller is of it. To anybody else it is not there. @throws RegistryError not_found. */
export async function partyOf(
  context: ApiContext,
  jobId: string,
  agentId: string,
): Promise<{ job: JobRow; role: JobRole }> {
  const job = await findJob(context.db, jobId);
  const role = job === undefined ? null : roleOf(job, agentId);
  if (job === undefined || role === null) throw new RegistryError('not_found', 'There is no such job.');
  return { job, role };
}
