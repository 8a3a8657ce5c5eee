import { discoverListings } from '@agent-registry/db';
import { onlineSince } from '@agent-registry/domain';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { showPage } from '../../page.ts';
import { presentDiscovered } from '../../present/listing.ts';
import { readPlace, writePlace } from './discover-place.ts';

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
    const place = { limit: query.limit + 1, offset, after };
    const { rows, total } = await discoverListings(context.db, filter, place);
    const page = showPage(rows, { limit: query.limit, offset, total }, writePlace);
    return { ...page, items: page.items.map(presentDiscovered) };
  },
});
