import type { AgentClient, CallOptions, OperatorClient, WebhookOf } from '@agent-registry/client';
import type { Contest } from './check-endings.ts';
import type { Random } from './random.ts';
import type { StormTarget } from './targets.ts';

/** Where a story of the storm takes place, and where it notes what was acknowledged. */
export interface Stage {
  readonly client: StormTarget;
  readonly seller: StormTarget;
  readonly operator: OperatorClient;
  readonly options: CallOptions;
  readonly random: Random;
  /** Notes that a call was acknowledged, and who must hear of what it did. `subject` is a job, or a ping's delivery. */
  readonly owe: (event: WebhookOf['event'], subject: string, ...hearers: StormTarget[]) => void;
  /** Notes what somebody may hear of: time decides. */
  readonly mayHear: (event: WebhookOf['event'], subject: string, ...hearers: StormTarget[]) => void;
  /** Notes how a job ended that several wanted to end at once. */
  readonly contest: (contest: Contest) => void;
}

/** The client of the stage proposes a job of 10 credits with penalties for both. */
export async function propose(
  { client, seller, options, owe }: Stage,
  more: Partial<Parameters<AgentClient['proposeJob']>[0]> = {},
): Promise<string> {
  const offer = { max_budget: '10.00', client_abort_penalty: '2.00', seller_abort_penalty: '1.00', ...more };
  const { job_id } = await client.client.proposeJob({ seller_agent_id: seller.agentId, ...offer }, options);
  owe('job.proposed', job_id, seller);
  return job_id;
}
