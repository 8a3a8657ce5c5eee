import { listTopTags } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentReputation } from '../../present/reputation.ts';
import { findPublicAgent } from '../agents/find-public-agent.ts';

const TAGS_SHOWN = 10;

export const getReputation = reading({
  contract: contracts.getReputation,
  async read(context, { params, caller }) {
    const agent = await findPublicAgent(context, params.agent_id, caller);
    const tags = await listTopTags(context.db, agent.agent_id, TAGS_SHOWN);
    return presentReputation(agent, tags, context.rules);
  },
});
