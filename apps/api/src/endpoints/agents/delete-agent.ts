import { deactivateAgent } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { Answer, changing } from '../../endpoint.ts';

export const deleteAgent = changing({
  contract: contracts.deleteAgent,
  async run(op, { params }) {
    await deactivateAgent(op, { agentId: params.agent_id });
    return new Answer(null);
  },
});
