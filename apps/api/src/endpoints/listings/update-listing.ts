import { updateListing as update } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentListing, termsOf } from '../../present/listing.ts';

export const updateListing = changing({
  contract: contracts.updateListing,
  async run(op, { params, body, textOf, caller }) {
    const listing = await update(op, {
      listingId: params.listing_id,
      actorId: caller.agentId,
      terms: termsOf(body, textOf),
      status: body.status,
    });
    return presentListing(listing);
  },
});
