import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentBalance } from '../../present/balance.ts';

/** The agent's own, read together with the agent: the whole request is one statement. */
export const getBalance = reading({
  contract: contracts.getBalance,
  withHoldings: true,
  async read(_context, { params, caller: { holdings } }) {
    if (holdings === null) throw new Error('the holdings are read with the signer');
    return presentBalance(params.agent_id, holdings);
  },
});
