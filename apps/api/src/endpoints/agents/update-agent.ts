import { sendPing, updateAgent as update } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentAgent } from '../../present/agent.ts';
import { vetEndpoint } from './vet-endpoint.ts';

export const updateAgent = changing({
  contract: contracts.updateAgent,
  async run(op, { params, body }, context) {
    const agent = await update(op, {
      agentId: params.agent_id,
      displayName: body.display_name,
      description: body.description,
      endpointUrl: vetEndpoint(context, body.endpoint_url),
      agentCardUrl: vetEndpoint(context, body.agent_card_url, 'agent_card_url'),
      capabilities: body.capabilities,
    });
    // Also where the URL is the same: it is how an agent asks for another try.
    if (typeof body.endpoint_url === 'string') sendPing(op, agent);
    return presentAgent(agent, agent.agent_id, op.now);
  },
});
