import type { AgentClient, Job } from '@agent-registry/client';
import { ToolRefusal } from '@agent-registry/mcp';

/** The job as it stands. @throws ToolRefusal where what is answered is no job, or another one: nothing is decided by it. */
export async function readJob(client: AgentClient, id: unknown, signal: AbortSignal): Promise<Job> {
  const job_id = String(id).toLowerCase();
  const answer: unknown = await client.getJob({ job_id }, { signal });
  const job = (typeof answer === 'object' ? answer : null) as Partial<Job> | null;
  if (job?.job_id !== job_id || typeof job.status !== 'string' || !Array.isArray(job.negotiation_log))
    throw new ToolRefusal('unreadable', 'What was answered is not this job, so nothing was done.');
  return job as Job;
}
