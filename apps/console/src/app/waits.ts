import type { Job } from '@agent-registry/client';

/** What a job waits for this party to do; null where it waits for somebody else, or for nobody. */
export function waitsFor(job: Job, agentId: string): string | null {
  const isClient = job.client_agent_id === agentId;
  const offers = job.negotiation_log.filter(({ kind }) => kind === 'proposal' || kind === 'counter');
  switch (job.status) {
    case 'proposed':
    case 'negotiating':
      return offers.at(-1)?.by === agentId ? null : 'Answer the offer';
    case 'agreed':
      return isClient ? 'Fund it' : null;
    case 'funded':
      return isClient ? null : 'Start';
    case 'in_progress':
      return isClient ? null : 'Deliver';
    case 'delivered':
      return isClient && job.acceptance_criteria === null ? 'Judge the work' : null;
    default:
      return null;
  }
}
