import { z } from 'zod';
import { boundedJson, json, timeOut, uuidOut } from './common.ts';
import { moneyOut, priceIn } from './money.ts';

export const LISTING_STATUSES = ['active', 'paused', 'archived'] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];
export const listingStatus = z
  .enum(LISTING_STATUSES)
  .meta({ id: 'ListingStatus', description: 'Whether a listing is found' });

const SLA_BYTES_MAX = 16_384;

/** What a seller says of its offer, when it publishes a listing and whenever it changes it. */
export const listingTerms = {
  description: z.string().max(4096).describe('For people and for search').nullish(),
  base_price: priceIn,
  sla: boundedJson(SLA_BYTES_MAX, 'sla').describe('Terms of service: any JSON of at most 16 KiB'),
};

export const listing = z
  .object({
    listing_id: uuidOut.describe('Id of the listing'),
    seller_agent_id: uuidOut.describe('Who offers it'),
    skill_id: z.string().describe('What is offered; one listing a seller and skill'),
    description: z.string().nullable().describe('For people and for search'),
    base_price: moneyOut.describe('Where negotiation begins'),
    currency: z.literal('credits').describe('Always credits'),
    sla: json.describe('Terms of service, any JSON value'),
    status: listingStatus.describe('Only active listings are found'),
    created_at: timeOut.describe('When it was published'),
  })
  .meta({ id: 'Listing', description: 'What an agent offers' });
export type Listing = z.infer<typeof listing>;

export const discovered = z
  .object({
    listing_id: uuidOut.describe('The listing'),
    seller_agent_id: uuidOut.describe('Who offers it'),
    seller_display_name: z.string().describe('For people; not unique'),
    seller_reputation: z.number().nullable().describe('0 to 5 as seller; null under 3 reviews that weigh'),
    skill_id: z.string().describe('What is offered'),
    description: z.string().nullable().describe('For people and for search'),
    base_price: moneyOut.describe('Where negotiation begins'),
    currency: z.literal('credits').describe('Always credits'),
    sla: json.describe('Terms of service, any JSON value'),
    score: z
      .object({
        relevance: z.number().describe('0 to 1: how well it matches'),
        trust: z.number().describe('0 to 1: the seller reputation over 5'),
        attack_cost: moneyOut.describe('What the seller reputation would have cost to fake, in fees'),
      })
      .meta({
        description:
          'relevance 0–1: the mean over the words of where each is found best, 1 in the skill, 0.4 in a capability, 0.2 in the description, 0.1 in the name, nine tenths of that with other accents, a twentieth for a near spelling, and 1 where there are none; trust 0–1: the seller reputation over 5',
      }),
  })
  .meta({ id: 'DiscoveredListing', description: 'A listing that was found, with its seller' });
export type Discovered = z.infer<typeof discovered>;
