import { countListingsOf, insertListing, type ListingRow, type ListingTerms } from '@agent-registry/db';
import { foldName, RegistryError } from '@agent-registry/schemas';
import { loadAgent } from '../agents/load-agent.ts';
import type { Op } from '../op.ts';

/**
 * Listings that one seller may have, archived ones included: a change of its score rewrites them all, and must fit into
 * the transaction of the review that changed it.
 */
export const LISTINGS_MAX = 1_000;

/** Offers a skill. @throws RegistryError not_found, duplicate_listing, invalid_state at LISTINGS_MAX. */
export async function createListing(
  op: Op,
  input: {
    sellerId: string;
    skillId: string;
    terms: ListingTerms;
  },
): Promise<ListingRow> {
  const seller = await loadAgent(op, input.sellerId);
  await refuseMoreThanMax(op, seller.agent_id);
  const listing = await insertListing(op.trx, {
    listing_id: op.ids.next(),
    seller_agent_id: seller.agent_id,
    skill_id: input.skillId,
    skill_folded: foldName(input.skillId),
    ...input.terms,
    status: 'active',
    seller_display_name: seller.display_name,
    seller_capabilities: seller.capabilities,
    seller_capabilities_text: seller.capabilities.join(' '),
    seller_reputation: seller.reputation_seller ?? 0,
    seller_active: seller.status === 'active',
    created_at: op.now,
    updated_at: op.now,
  });
  if (listing !== undefined) return listing;
  const detail = `You have a listing for ${input.skillId}, or a spelling of it: change that one.`;
  throw new RegistryError('duplicate_listing', detail);
}

/** The seller's lock, which the caller holds, keeps the count true. */
async function refuseMoreThanMax(op: Op, sellerId: string): Promise<void> {
  if ((await countListingsOf(op.trx, sellerId, false, LISTINGS_MAX)) < LISTINGS_MAX) return;
  const detail = `A seller may have ${LISTINGS_MAX} listings, archived ones included: change one of those.`;
  throw new RegistryError('invalid_state', detail);
}
