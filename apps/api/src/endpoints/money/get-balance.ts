import { findHoldings } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentBalance } from '../../present/balance.ts';

export const getBalance = reading({
  contract: contracts.getBalance,
  read: async (context, { params: { agent_id } }) =>
    presentBalance(agent_id, await findHoldings(context.db, agent_id)),
});
