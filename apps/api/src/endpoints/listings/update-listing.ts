import { updateListing as update } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentListing } from '../../present/listing.ts';

export const updateListing = changing({
  contract: contracts.updateListing,
  async run(op, { params, body, textOf, caller }) {
    const listing = await update(op, {
      listingId: params.listing_id,
      actorId: caller.agentId,
      description: body.description,
      basePrice: body.base_price,
      sla: textOf('sla'),
      status: body.status,
    });
    return presentListing(listing);
  },
});
