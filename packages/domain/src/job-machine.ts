import type { JobRole, JobStatus } from '@agent-registry/schemas';

/** Who may take an action of a job; `party` is either of the two. */
export type JobActor = 'party' | JobRole | 'clock' | 'runner' | 'operator';

interface Rule {
  readonly from: readonly JobStatus[];
  /** Null where the job stays in the state it is in. */
  readonly to: JobStatus | null;
  readonly by: JobActor;
}

const NEGOTIABLE = ['proposed', 'negotiating'] as const;
const UNFUNDED = [...NEGOTIABLE, 'agreed'] as const;
const UNDELIVERED = ['funded', 'in_progress'] as const;
const AWAITING_VERDICT = ['delivered', 'verifying'] as const;
/** `failed` holds money until it is settled. */
const HOLDING = [...UNDELIVERED, ...AWAITING_VERDICT, 'failed', 'disputed'] as const;

/**
 * The job's state machine: the states an action may start from, the one it leads to, and who may take it.
 * States that no rule leaves are final; `failed` is final once it is settled.
 */
const RULES = {
  counter: { from: NEGOTIABLE, to: 'negotiating', by: 'party' },
  accept: { from: NEGOTIABLE, to: 'agreed', by: 'party' },
  cancel: { from: UNFUNDED, to: 'cancelled', by: 'party' },
  expire: { from: UNFUNDED, to: 'cancelled', by: 'clock' },
  fund: { from: ['agreed'], to: 'funded', by: 'client' },
  start: { from: ['funded'], to: 'in_progress', by: 'seller' },
  abort: { from: UNDELIVERED, to: 'cancelled', by: 'party' },
  warn: { from: UNDELIVERED, to: null, by: 'clock' },
  deadline: { from: UNDELIVERED, to: 'failed', by: 'clock' },
  extend_deadline: { from: ['agreed', ...UNDELIVERED, ...AWAITING_VERDICT], to: null, by: 'operator' },
  deliver: { from: ['in_progress'], to: 'delivered', by: 'seller' },
  complete: { from: ['delivered'], to: 'completed', by: 'client' },
  fail: { from: ['delivered'], to: 'failed', by: 'client' },
  review_over: { from: ['delivered'], to: 'completed', by: 'clock' },
  claim_run: { from: AWAITING_VERDICT, to: 'verifying', by: 'runner' },
  pass: { from: ['verifying'], to: 'completed', by: 'runner' },
  refuse_delivery: { from: ['verifying'], to: 'in_progress', by: 'runner' },
  exhaust: { from: ['verifying'], to: 'failed', by: 'runner' },
  give_up_verifying: { from: AWAITING_VERDICT, to: 'disputed', by: 'runner' },
  dispute: { from: ['failed'], to: 'disputed', by: 'party' },
  settle: { from: ['failed'], to: null, by: 'clock' },
  offer_settlement: { from: HOLDING, to: null, by: 'party' },
  accept_settlement: { from: HOLDING, to: 'resolved', by: 'party' },
  add_evidence: { from: ['disputed'], to: null, by: 'party' },
  resolve: { from: ['disputed'], to: 'resolved', by: 'operator' },
  close_dispute: { from: ['disputed'], to: 'resolved', by: 'clock' },
} as const satisfies Readonly<Record<string, Rule>>;

export type JobAction = keyof typeof RULES;
export const JOB_RULES: Readonly<Record<JobAction, Rule>> = RULES;
export const JOB_ACTIONS = Object.keys(RULES) as readonly JobAction[];

/** The state a job begins in. */
export const FIRST_JOB_STATUS: JobStatus = 'proposed';
/** States in which a job is still an offer that nobody has accepted. */
export const NEGOTIABLE_STATUSES: readonly JobStatus[] = NEGOTIABLE;
/** States in which a job holds no money yet and may still come to. */
export const UNFUNDED_STATUSES: readonly JobStatus[] = UNFUNDED;
/** States in which a delivery waits for its verdict. */
export const AWAITING_VERDICT_STATUSES: readonly JobStatus[] = AWAITING_VERDICT;
/** States in which the parties may review each other, once the job was funded. */
export const REVIEWABLE_STATUSES: readonly JobStatus[] = ['completed', 'failed', 'resolved'];

/** The state an action leads to, or null when the state does not allow it. */
export function nextStatus(status: JobStatus, action: JobAction): JobStatus | null {
  const rule = JOB_RULES[action];
  return rule.from.includes(status) ? (rule.to ?? status) : null;
}

/** Whether this party may ever do this. */
export function mayAct(role: JobRole, action: JobAction): boolean {
  const { by } = JOB_RULES[action];
  return by === 'party' || by === role;
}

/** A party's part in a job; null for a stranger. */
export function roleOf(
  job: { client_agent_id: string; seller_agent_id: string },
  agentId: string,
): JobRole | null {
  if (job.client_agent_id === agentId) return 'client';
  return job.seller_agent_id === agentId ? 'seller' : null;
}
