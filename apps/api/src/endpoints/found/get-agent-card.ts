import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { buildAgentCard } from '../../found/agent-card.ts';
import { findOffers, noSuchAgent } from '../../found/find-card-of.ts';

export const getAgentCard = reading({
  contract: contracts.getAgentCard,
  async read({ db, config }, { params }) {
    const found = await findOffers(db, params.agent_id);
    if (found === undefined) throw noSuchAgent();
    return buildAgentCard(config, found.agent, found.listings);
  },
});
