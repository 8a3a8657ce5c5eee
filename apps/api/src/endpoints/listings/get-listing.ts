import { findListing } from '@agent-registry/db';
import { contracts, RegistryError } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentListing } from '../../present/listing.ts';

export const getListing = reading({
  contract: contracts.getListing,
  async read(context, { params, caller }) {
    const listing = await findListing(context.db, params.listing_id);
    const isOwn = listing !== undefined && listing.seller_agent_id === caller?.agentId;
    if (listing === undefined || (!isOwn && !listing.discoverable)) {
      throw new RegistryError('not_found', 'There is no such listing.');
    }
    return presentListing(listing);
  },
});
