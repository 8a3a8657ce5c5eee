import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { existing } from '../../existing.ts';
import { buildAgentCard } from '../../found/agent-card.ts';
import { findOffers } from '../../found/find-card-of.ts';

export const getAgentCard = reading({
  contract: contracts.getAgentCard,
  async read({ db, config }, { params }) {
    const { agent, listings } = existing(await findOffers(db, params.agent_id), 'active agent');
    return buildAgentCard(config, agent, listings);
  },
});
