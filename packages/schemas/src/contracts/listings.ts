import { z } from 'zod';
import { boundedJson, pageOf, pageQuery } from '../common.ts';
import { discovered, LISTING_STATUSES, listing } from '../listing.ts';
import { MAX_PRICE_CENTS, moneyIn, priceIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { contract, openRead, ownerWrite } from './contract.ts';

const SLA_BYTES_MAX = 16_384;
const skillId = nameIn(64);
const skillOf = skillId.optional().meta({ description: 'in any spelling of the same letters' });
const description = z.string().max(4096);
const sla = boundedJson(SLA_BYTES_MAX, 'sla');

export const listAgentListings = contract({
  route: 'GET /agents/:agent_id/listings',
  tag: 'Listings',
  summary: 'What an agent offers; paused and archived listings to itself alone',
  ...openRead,
  query: z.object({ ...pageQuery }),
  response: pageOf(listing),
  errors: ['not_found'],
});

export const createListing = contract({
  route: 'POST /agents/:agent_id/listings',
  tag: 'Listings',
  summary: 'Offer a skill; one listing a skill_id',
  ...ownerWrite,
  body: z.object({
    skill_id: skillId,
    description: description.nullish(),
    base_price: priceIn,
    currency: z.literal('credits').default('credits'),
    sla,
  }),
  response: listing,
  status: 201,
  errors: ['duplicate_listing', 'invalid_state', 'storage_budget'],
  example: { skill_id: 'summarise', description: 'Summaries of long texts', base_price: '12.50' },
});

export const getListing = contract({
  route: 'GET /listings/:listing_id',
  tag: 'Listings',
  summary: 'A listing',
  ...openRead,
  response: listing,
  errors: ['not_found'],
});

export const listListings = contract({
  route: 'GET /listings',
  tag: 'Listings',
  summary: 'Active listings, newest first',
  ...openRead,
  query: z.object({ ...pageQuery, skill_id: skillOf }),
  response: pageOf(listing),
});

export const updateListing = contract({
  route: 'PATCH /listings/:listing_id',
  tag: 'Listings',
  summary: 'Change, pause or archive a listing',
  access: 'signed',
  rate: 'write',
  body: z.object({
    description: description.nullish(),
    base_price: priceIn.optional(),
    sla,
    status: z.enum(LISTING_STATUSES).optional(),
  }),
  response: listing,
  errors: ['not_found', 'not_owner', 'storage_budget'],
  example: { status: 'paused' },
});

const ratingText = z
  .string()
  .regex(/^[0-5](\.\d{1,2})?$/, 'must be a number from 0 to 5')
  .transform(Number)
  .refine((value) => value <= 5, { message: 'must be a number from 0 to 5' });

export const discover = contract({
  route: 'GET /discover',
  tag: 'Discovery',
  summary:
    'Find listings by words, skill, capability, rating, price and who is online: everybody’s first three come before anybody’s fourth',
  access: 'open',
  rate: 'discovery',
  query: z.object({
    ...pageQuery,
    q: z.string().min(1).max(200).optional().meta({
      description:
        'words, of which the first 8 count and a listing has all; in any letter case, with accents or without, in another English form, or, where few listings have a word, misspelt; in scripts without spaces also parts of a run of letters. Words that many listings have are looked for among those of the best reputations and prices.',
    }),
    skill_id: skillOf,
    capability: z.string().min(1).max(64).optional(),
    min_rating: ratingText.optional(),
    max_price: moneyIn({ min: 0n, max: MAX_PRICE_CENTS }).optional(),
    online: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional()
      .meta({
        description:
          'true: only sellers who were seen in the last 10 minutes, or whose endpoint answered 2xx in them; false, the default: all',
      }),
  }),
  response: pageOf(discovered),
});
