import {
  type ListingRow,
  type ListingTerms,
  lockAgent,
  lockListing,
  updateListingRow,
} from '@agent-registry/db';
import { type ListingStatus, RegistryError } from '@agent-registry/schemas';
import { notFound, type Op } from '../op.ts';

/** Changes, pauses or archives a listing of one's own. @throws RegistryError not_found, not_owner. */
export async function updateListing(
  op: Op,
  input: {
    listingId: string;
    actorId: string;
    terms?: Partial<ListingTerms>;
    status?: ListingStatus | undefined;
  },
): Promise<ListingRow> {
  // Before the listing, as everywhere: a change of price or status ranks all listings of the seller anew.
  await lockAgent(op.trx, input.actorId);
  const listing = await lockListing(op.trx, input.listingId);
  const own = listing?.seller_agent_id === input.actorId;
  if (listing === undefined || (!own && listing.status !== 'active')) throw notFound('listing');
  if (!own) throw new RegistryError('not_owner', 'Only its seller may change a listing.');
  return updateListingRow(op.trx, listing.listing_id, {
    updated_at: op.now,
    ...input.terms,
    ...(input.status === undefined ? {} : { status: input.status }),
  });
}
