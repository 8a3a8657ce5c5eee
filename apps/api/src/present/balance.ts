import type { Holdings } from '@agent-registry/db';
import { formatCents } from '@agent-registry/schemas';

/** What an agent has at hand, and what its jobs hold of it. */
export function presentBalance(agentId: string, holdings: Holdings) {
  const { available, escrow, bonds } = holdings;
  return {
    agent_id: agentId,
    balance: formatCents(available),
    available_balance: formatCents(available),
    pending_withdrawals: formatCents(0n),
    held_in_escrow: formatCents(escrow),
    held_in_bonds: formatCents(bonds),
  };
}
