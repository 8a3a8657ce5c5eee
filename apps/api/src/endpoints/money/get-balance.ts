import { findHoldings } from '@agent-registry/db';
import { contracts, formatCents } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';

export const getBalance = reading({
  contract: contracts.getBalance,
  async read(context, { params }) {
    const { available, escrow, bonds } = await findHoldings(context.db, params.agent_id);
    return {
      agent_id: params.agent_id,
      balance: formatCents(available),
      available_balance: formatCents(available),
      pending_withdrawals: formatCents(0n),
      held_in_escrow: formatCents(escrow),
      held_in_bonds: formatCents(bonds),
    };
  },
});
