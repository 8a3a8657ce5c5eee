import type { AgentClient, CallInput } from '@agent-registry/client';

interface Party {
  readonly agentId: string;
  readonly client: AgentClient;
}
export interface Parties {
  readonly client: Party;
  readonly seller: Party;
}

const STATES = ['proposed', 'agreed', 'funded', 'in_progress', 'delivered'] as const;
export type Driven = (typeof STATES)[number];

interface JobTerms extends Partial<CallInput<'proposeJob'>> {
  /** What the seller delivers; 1 when absent. */
  readonly result?: unknown;
}

/** Has both parties take their steps until a job, of 10.00 unless the terms say otherwise, is in a state; its id. */
export async function driveJob(
  { client, seller }: Parties,
  to: Driven,
  { result = 1, ...terms }: JobTerms = {},
): Promise<string> {
  const offer = { seller_agent_id: seller.agentId, max_budget: '10.00', ...terms };
  const { job_id, acceptance_criteria_hash } = await client.client.proposeJob(offer);
  const hash = acceptance_criteria_hash === null ? {} : { acceptance_criteria_hash };
  const steps = [
    () => seller.client.acceptJob({ job_id, ...hash }),
    () => client.client.fundJob({ job_id }),
    () => seller.client.startJob({ job_id }),
    () => seller.client.deliverJob({ job_id, result }),
  ];
  for (const step of steps.slice(0, STATES.indexOf(to))) await step();
  return job_id;
}
