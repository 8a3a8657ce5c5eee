import type { Job } from '@agent-registry/client';
import { ToolRefusal } from '@agent-registry/mcp';
import { centsIn } from './cents-in.ts';

const written = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;

/** What tools may make an agent lose on one job, at most. */
export interface SpendLimit {
  /** The amount as it is then sent, so that nobody reads it otherwise. @throws ToolRefusal for what is none, or more than the limit. */
  readonly within: (what: string, amount: unknown) => string;
  /** What the agent can lose by a job as it stands. @throws ToolRefusal when that is more than the limit. */
  readonly allows: (job: Job, agentId: string) => void;
}

/** A limit in cents. */
export function spendLimit(cents: bigint): SpendLimit {
  const within = (what: string, amount: unknown): string => {
    const asked = centsIn(amount);
    if (asked === null) throw new ToolRefusal('validation_failed', `${what} is no amount such as "12.50".`);
    if (asked > cents)
      throw new ToolRefusal(
        'spend_limit',
        `${what} is ${written(asked)}, above the limit of ${written(cents)} per job that \`--allow-spend\` set. Only the person who runs this server can raise it.`,
      );
    return written(asked);
  };
  return {
    within,
    allows(job, agentId) {
      if (agentId !== job.client_agent_id) within('The seller’s bond', job.seller_abort_penalty);
      else {
        within('The price', job.agreed_price);
        within('The client’s abort penalty', job.client_abort_penalty);
      }
    },
  };
}
