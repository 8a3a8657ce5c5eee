import { createListing as create } from '@agent-registry/operations';
import { contracts } from '@agent-registry/schemas';
import { Answer, changing } from '../../endpoint.ts';
import { presentListing, termsOf } from '../../present/listing.ts';

export const createListing = changing({
  contract: contracts.createListing,
  async run(op, { params, body, textOf }) {
    const listing = await create(op, {
      sellerId: params.agent_id,
      skillId: body.skill_id,
      terms: { ...termsOf(body, textOf), base_price: body.base_price },
    });
    return new Answer(presentListing(listing), {
      headers: { Location: `/v1/listings/${listing.listing_id}` },
    });
  },
});
