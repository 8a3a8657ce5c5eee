import type { Job } from '@agent-registry/client';
import { ToolRefusal } from '@agent-registry/mcp';
import { centsIn } from './cents-in.ts';

const written = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;

/** How a job is divided, as amounts that nobody has checked. */
export interface Shares {
  readonly client_share?: unknown;
  readonly seller_share?: unknown;
}

/** What tools may make an agent lose on one job, at most. */
export interface SpendLimit {
  /** The amount as it is then sent, so that nobody reads it otherwise. @throws ToolRefusal for what is none, or more than the limit. */
  readonly within: (what: string, amount: unknown) => string;
  /** What the agent gives up of its own money where a job is divided so. @throws ToolRefusal when that is more than the limit. */
  readonly allowsShares: (job: Job, agentId: string, shares: Shares) => void;
  /** What the agent can lose by a job as it stands. @throws ToolRefusal when that is more than the limit. */
  readonly allows: (job: Job, agentId: string) => void;
}

/** A limit in cents. */
export function spendLimit(cents: bigint): SpendLimit {
  const within = (what: string, amount: unknown): string => {
    const asked = read(what, amount);
    if (asked > cents)
      throw new ToolRefusal(
        'spend_limit',
        `${what} is ${written(asked)}, above the limit of ${written(cents)} per job that \`--allow-spend\` set. Only the person who runs this server can raise it.`,
      );
    return written(asked);
  };
  return {
    within,
    allowsShares(job, agentId, shares) {
      const isClient = agentId === job.client_agent_id;
      const held = read('What I put in', isClient ? job.agreed_price : job.seller_abort_penalty);
      const client = read('client_share', shares.client_share);
      const seller = read('seller_share', shares.seller_share);
      const given = held - (isClient ? client : seller);
      within(`What I give up of my ${isClient ? 'price' : 'bond'}`, written(given > 0n ? given : 0n));
    },
    allows(job, agentId) {
      if (agentId !== job.client_agent_id) within('The seller’s bond', job.seller_abort_penalty);
      else {
        within('The price', job.agreed_price);
        within('The client’s abort penalty', job.client_abort_penalty);
      }
    },
  };
}

function read(what: string, amount: unknown): bigint {
  const cents = centsIn(amount);
  if (cents === null) throw new ToolRefusal('validation_failed', `${what} is no amount such as "12.50".`);
  return cents;
}
