import { countOpenListings, listOpenListings } from '@agent-registry/db';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentListing } from '../../present/listing.ts';

export const listListings = reading({
  contract: contracts.listListings,
  read(context, { query }) {
    const skillId = query.skill_id ?? null;
    return keysetPage({
      name: 'listings',
      request: query,
      rows: (page) => listOpenListings(context.db, skillId, page),
      count: (limit) => countOpenListings(context.db, skillId, limit),
      position: (listing) => ({ at: listing.created_at, id: listing.listing_id }),
      present: (listings) => listings.map(presentListing),
    });
  },
});
