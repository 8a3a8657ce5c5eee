import { type DiscoverCursor, type DiscoverRow, discoverListings } from '@agent-registry/db';
import { onlineSince } from '@agent-registry/domain';
import { contracts, UUID } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { readCursor, writeCursor } from '../../page.ts';
import { presentDiscovered } from '../../present/listing.ts';

const LIST = 'discover';
const SHAPES = [
  /^[01]$/,
  /^(?:0|1)(?:\.[0-9]{1,4})?$/,
  /^[0-5](?:\.[0-9]{1,2})?$/,
  /^[1-9][0-9]{0,9}$/,
  UUID,
];

export const discover = reading({
  contract: contracts.discover,
  async read(context, { query }) {
    const after = query.cursor === undefined ? undefined : readPlace(query.cursor);
    const offset = after === undefined ? query.offset : 0;
    const filter = {
      q: query.q,
      skillId: query.skill_id,
      capability: query.capability,
      minRating: query.min_rating,
      maxPrice: query.max_price,
      onlineSince: query.online === true ? onlineSince(context.clock.now()) : undefined,
    };
    const { rows: found, total } = await discoverListings(context.db, filter, {
      limit: query.limit + 1,
      offset,
      after,
    });
    const rows = found.slice(0, query.limit);
    const last = found.length > query.limit ? rows.at(-1) : undefined;
    return {
      items: rows.map(presentDiscovered),
      total,
      limit: query.limit,
      offset,
      next_cursor: last === undefined ? null : writePlace(last),
    };
  },
});

function writePlace(row: DiscoverRow): string {
  const place = [row.tier, row.relevance, row.seller_reputation, row.base_price, row.listing_id];
  return writeCursor(LIST, place.map(String));
}

function readPlace(cursor: string): DiscoverCursor {
  const [tier, relevance, reputation, price, listingId] = readCursor(LIST, SHAPES, cursor);
  return {
    tier: Number(tier),
    relevance: Number(relevance),
    reputation: Number(reputation),
    price: BigInt(price!),
    listingId: listingId!,
  };
}
