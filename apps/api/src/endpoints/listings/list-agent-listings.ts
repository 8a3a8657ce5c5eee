import { countListingsOf, listListingsOf } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentListing } from '../../present/listing.ts';
import { findPublicAgent } from '../agents/find-public-agent.ts';

export const listAgentListings = reading({
  contract: contracts.listAgentListings,
  async read(context, { params, query, caller }) {
    const seller = await findPublicAgent(context, params.agent_id, caller);
    const activeOnly = caller?.agentId !== seller.agent_id;
    return keysetPage({
      name: 'agent-listings',
      request: query,
      rows: (page) => listListingsOf(context.db, seller.agent_id, activeOnly, page),
      count: (limit) => countListingsOf(context.db, seller.agent_id, activeOnly, limit),
      position: (listing) => ({ at: listing.created_at, id: listing.listing_id }),
      present: (listings) => listings.map(presentListing),
    });
  },
});
