import { registerAgent as register, sendPing } from '@agent-registry/operations';
import { contracts, RegistryError } from '@agent-registry/schemas';
import { Answer, changing } from '../../endpoint.ts';
import { presentAgent } from '../../present/agent.ts';
import { vetEndpoint } from './vet-endpoint.ts';

export const registerAgent = changing({
  contract: contracts.registerAgent,
  async run(op, { body, caller }, context) {
    const isProven = caller?.kind === 'key';
    if (isProven && caller.publicKey !== body.public_key) {
      throw new RegistryError('invalid_signature', 'A registration is signed by the key that it registers.');
    }
    const { agent, webhookSecret } = await register(op, {
      publicKey: body.public_key,
      isProven,
      displayName: body.display_name,
      description: body.description ?? null,
      endpointUrl: vetEndpoint(context, body.endpoint_url) ?? null,
      agentCardUrl: vetEndpoint(context, body.agent_card_url, 'agent_card_url') ?? null,
      hostingMode: body.hosting_mode ?? null,
      capabilities: body.capabilities,
    });
    if (agent.endpoint_url !== null) sendPing(op, agent);
    const view = { ...presentAgent(agent, agent.agent_id, op.now), webhook_secret: webhookSecret };
    return new Answer(view, { headers: { Location: `/v1/agents/${agent.agent_id}` } });
  },
});
