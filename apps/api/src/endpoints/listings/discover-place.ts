import type { DiscoverCursor, DiscoverRow } from '@agent-registry/db';
import { UUID } from '@agent-registry/schemas';
import { readCursor, writeCursor } from '../../page.ts';

const LIST = 'discover';
const SHAPES = [
  /^[01]$/,
  /^(?:0|1)(?:\.[0-9]{1,4})?$/,
  /^[0-5](?:\.[0-9]{1,2})?$/,
  /^[1-9][0-9]{0,9}$/,
  UUID,
];

/** The cursor after which the next page begins. */
export function writePlace(row: DiscoverRow): string {
  const place = [row.tier, row.relevance, row.seller_reputation, row.base_price, row.listing_id];
  return writeCursor(LIST, place.map(String));
}

/** @throws RegistryError validation_failed. */
export function readPlace(cursor: string): DiscoverCursor {
  const [tier, relevance, reputation, price, listingId] = readCursor(LIST, SHAPES, cursor);
  return {
    tier: Number(tier),
    relevance: Number(relevance),
    reputation: Number(reputation),
    price: BigInt(price!),
    listingId: listingId!,
  };
}
