import type { JobRole, JobStatus } from '@agent-registry/schemas';

/** What can happen to a job. The last six are time's, the operator's and the test-runner's. */
export const JOB_ACTIONS = [
  'counter',
  'accept',
  'cancel',
  'fund',
  'start',
  'deliver',
  'complete',
  'fail',
  'abort',
  'dispute',
  'claim_run',
  'pass',
  'refuse_delivery',
  'exhaust',
  'expire',
  'deadline',
  'review_over',
  'give_up_verifying',
  'resolve',
  'close_dispute',
] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

interface Rule {
  readonly from: readonly JobStatus[];
  readonly to: JobStatus;
  /** Which party may do it; absent where either may, or no party does. */
  readonly by?: JobRole;
}

/**
 * The job machine: from where an action may start, where it leads, and whose it is. States that no rule leaves are
 * final; `failed` is final once it is settled.
 */
export const JOB_RULES: Readonly<Record<JobAction, Rule>> = {
  counter: { from: ['proposed', 'negotiating'], to: 'negotiating' },
  accept: { from: ['proposed', 'negotiating'], to: 'agreed' },
  cancel: { from: ['proposed', 'negotiating', 'agreed'], to: 'cancelled' },
  fund: { from: ['agreed'], to: 'funded', by: 'client' },
  start: { from: ['funded'], to: 'in_progress', by: 'seller' },
  deliver: { from: ['in_progress'], to: 'delivered', by: 'seller' },
  complete: { from: ['delivered'], to: 'completed', by: 'client' },
  fail: { from: ['delivered'], to: 'failed', by: 'client' },
  abort: { from: ['funded', 'in_progress'], to: 'cancelled' },
  dispute: { from: ['failed'], to: 'disputed' },
  claim_run: { from: ['delivered', 'verifying'], to: 'verifying' },
  pass: { from: ['verifying'], to: 'completed' },
  refuse_delivery: { from: ['verifying'], to: 'in_progress' },
  exhaust: { from: ['verifying'], to: 'failed' },
  expire: { from: ['proposed', 'negotiating', 'agreed'], to: 'cancelled' },
  deadline: { from: ['funded', 'in_progress'], to: 'failed' },
  review_over: { from: ['delivered'], to: 'completed' },
  give_up_verifying: { from: ['delivered', 'verifying'], to: 'disputed' },
  resolve: { from: ['disputed'], to: 'resolved' },
  close_dispute: { from: ['disputed'], to: 'resolved' },
};

/** The state an action leads to, or null when the state does not allow it. */
export function nextStatus(status: JobStatus, action: JobAction): JobStatus | null {
  const rule = JOB_RULES[action];
  return rule.from.includes(status) ? rule.to : null;
}

/** Whether this party may ever do this. */
export function mayAct(role: JobRole, action: JobAction): boolean {
  const { by } = JOB_RULES[action];
  return by === undefined || by === role;
}

/** A party's part in a job; null for a stranger. */
export function roleOf(
  job: { client_agent_id: string; seller_agent_id: string },
  agentId: string,
): JobRole | null {
  if (job.client_agent_id === agentId) return 'client';
  return job.seller_agent_id === agentId ? 'seller' : null;
}
