import { depositCredits as deposit } from '@agent-registry/operations';
import { contracts, formatCents, RegistryError } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const depositCredits = changing({
  contract: contracts.depositCredits,
  async run(op, { params, body }, context) {
    if (!context.config.devDepositEnabled) {
      throw new RegistryError('deposit_disabled', 'Development deposits are switched off here.');
    }
    const { balance } = await deposit(op, { agentId: params.agent_id, amount: body.amount });
    return { agent_id: params.agent_id, balance: formatCents(balance) };
  },
});
