import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { optionalTime, time } from '../../present/time.ts';
import { findPublicAgent } from './find-public-agent.ts';

export const getAgentStatus = reading({
  contract: contracts.getAgentStatus,
  async read(context, { params, caller }) {
    const agent = await findPublicAgent(context, params.agent_id, caller);
    return {
      agent_id: agent.agent_id,
      display_name: agent.display_name,
      status: agent.status,
      capabilities: agent.capabilities,
      created_at: time(agent.created_at),
      last_seen: optionalTime(agent.last_seen),
    };
  },
});
