import type { DiscoverRow, ListingRow, ListingTerms } from '@agent-registry/db';
import { type Discovered, formatCents, type Listing, SentJson } from '@agent-registry/schemas';
import { time } from './time.ts';

const RATING_MAX = 5;

export function presentListing(listing: ListingRow): Listing {
  return {
    listing_id: listing.listing_id,
    seller_agent_id: listing.seller_agent_id,
    skill_id: listing.skill_id,
    description: listing.description,
    base_price: formatCents(listing.base_price),
    currency: 'credits',
    sla: listing.sla === null ? null : new SentJson(listing.sla),
    status: listing.status,
    created_at: time(listing.created_at),
  };
}

/** The terms of a listing that a body names. `textOf` gives a member's JSON as it was sent. */
export function termsOf(
  body: { description?: string | null | undefined; base_price?: bigint | undefined },
  textOf: (member: string) => string | null | undefined,
): Partial<ListingTerms> {
  const sla = textOf('sla');
  return {
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.base_price === undefined ? {} : { base_price: body.base_price }),
    ...(sla === undefined ? {} : { sla }),
  };
}

/** A listing as discovery shows it, with the reasons for its place. */
export function presentDiscovered(row: DiscoverRow): Discovered {
  return {
    listing_id: row.listing_id,
    seller_agent_id: row.seller_agent_id,
    seller_display_name: row.seller_display_name,
    seller_reputation: row.rated ? row.seller_reputation : null,
    skill_id: row.skill_id,
    description: row.description,
    base_price: formatCents(row.base_price),
    currency: 'credits',
    sla: row.sla === null ? null : new SentJson(row.sla),
    score: {
      relevance: row.relevance,
      trust: Math.round((row.seller_reputation / RATING_MAX) * 1_000) / 1_000,
      attack_cost: formatCents(row.attack_cost),
    },
  };
}
