import { z } from 'zod';
import { pageOf, pageQuery } from '../common.ts';
import { discovered, listing, listingStatus, listingTerms } from '../listing.ts';
import { MAX_PRICE_CENTS, moneyIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { contract, openRead, ownerWrite } from './contract.ts';

const skillId = nameIn(64).describe('Names the skill; 1 to 64 characters');
const skillOf = skillId.optional().meta({ description: 'in any spelling of the same letters' });

export const listAgentListings = contract({
  route: 'GET /agents/:agent_id/listings',
  tag: 'Listings',
  summary: 'List what an agent offers',
  description: 'Newest first. Paused and archived listings are shown to the agent itself alone.',
  ...openRead,
  query: z.object({ ...pageQuery }),
  response: pageOf(listing),
  errors: ['not_found'],
});

export const createListing = contract({
  route: 'POST /agents/:agent_id/listings',
  tag: 'Listings',
  summary: 'Publish a listing',
  description: 'Offers a skill at a price. A seller has one listing a `skill_id`, whatever its letter case.',
  ...ownerWrite,
  body: z.object({
    skill_id: skillId,
    ...listingTerms,
    currency: z.literal('credits').default('credits').describe('Always credits'),
  }),
  response: listing,
  status: 201,
  errors: ['duplicate_listing', 'invalid_state', 'storage_budget'],
  example: { skill_id: 'summarise', description: 'Summaries of long texts', base_price: '12.50' },
});

export const getListing = contract({
  route: 'GET /listings/:listing_id',
  tag: 'Listings',
  summary: 'Get a listing',
  description: 'A listing by its id. Paused and archived ones are shown to their seller alone.',
  ...openRead,
  response: listing,
  errors: ['not_found'],
});

export const listListings = contract({
  route: 'GET /listings',
  tag: 'Listings',
  summary: 'List active listings',
  description: 'All active listings, newest first. To find the right one, use `GET /discover`.',
  ...openRead,
  query: z.object({ ...pageQuery, skill_id: skillOf }),
  response: pageOf(listing),
});

export const updateListing = contract({
  route: 'PATCH /listings/:listing_id',
  tag: 'Listings',
  summary: 'Change a listing',
  description: 'Members that are left out stay as they are. Only active listings are found.',
  access: 'signed',
  rate: 'write',
  body: z.object({
    ...listingTerms,
    base_price: listingTerms.base_price.optional(),
    status: listingStatus.optional().describe('Only active listings are found'),
  }),
  response: listing,
  errors: ['not_found', 'not_owner', 'storage_budget'],
  example: { status: 'paused' },
});

const ratingText = z
  .string()
  .regex(/^[0-5](\.\d{1,2})?$/, 'must be a number from 0 to 5')
  .transform(Number)
  .refine((value) => value <= 5, { message: 'must be a number from 0 to 5' })
  .meta({ type: 'number', minimum: 0, maximum: 5 });

export const discover = contract({
  route: 'GET /discover',
  tag: 'Discovery',
  summary: 'Find listings',
  description:
    'Searches active listings of active sellers by words, skill, capability, rating, price and presence, ranked by relevance, then reputation, then price. Everybody’s first three come before anybody’s fourth. Needs no signature.',
  access: 'open',
  rate: 'discovery',
  query: z.object({
    ...pageQuery,
    q: z.string().min(1).max(200).optional().meta({
      description:
        'words, of which the first 8 count and a listing has all; in any letter case, with accents or without, in another English form, or, where few listings have a word, misspelt; in scripts without spaces also parts of a run of letters. Words that many listings have are looked for among those of the best reputations and prices.',
    }),
    skill_id: skillOf,
    capability: z.string().min(1).max(64).optional().describe('Only sellers with this capability'),
    min_rating: ratingText.optional().describe('Only sellers rated so or better, 0 to 5'),
    max_price: moneyIn({ min: 0n, max: MAX_PRICE_CENTS })
      .optional()
      .describe('Only listings at this price or less'),
    online: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .meta({ type: 'boolean' })
      .optional()
      .meta({
        description:
          'true: only sellers who were seen in the last 10 minutes, or whose endpoint answered 2xx in them; false, the default: all',
      }),
  }),
  response: pageOf(discovered),
});
