import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentAgent } from '../../present/agent.ts';
import { findPublicAgent } from './find-public-agent.ts';

export const getAgent = reading({
  contract: contracts.getAgent,
  async read(context, { params, caller }) {
    const agent = await findPublicAgent(context, params.agent_id, caller);
    return presentAgent(agent, caller?.agentId ?? null, context.clock.now());
  },
});
