import { z } from 'zod';
import { json, timeOut, uuidOut } from './common.ts';
import { moneyOut } from './money.ts';

export const LISTING_STATUSES = ['active', 'paused', 'archived'] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];

export const listing = z
  .object({
    listing_id: uuidOut,
    seller_agent_id: uuidOut,
    skill_id: z.string(),
    description: z.string().nullable(),
    base_price: moneyOut,
    currency: z.literal('credits'),
    sla: json,
    status: z.enum(LISTING_STATUSES),
    created_at: timeOut,
  })
  .meta({ id: 'Listing' });
export type Listing = z.infer<typeof listing>;

export const discovered = z
  .object({
    listing_id: uuidOut,
    seller_agent_id: uuidOut,
    seller_display_name: z.string(),
    seller_reputation: z.number().nullable(),
    skill_id: z.string(),
    description: z.string().nullable(),
    base_price: moneyOut,
    currency: z.literal('credits'),
    sla: json,
    score: z.object({ relevance: z.number(), trust: z.number() }).meta({
      description:
        'relevance 0–1: the mean over the words of where each is found best, 1 in the skill, 0.4 in a capability, 0.2 in the description, 0.1 in the name, nine tenths of that with other accents, a twentieth for a near spelling, and 1 where there are none; trust 0–1: the seller reputation over 5',
    }),
  })
  .meta({ id: 'DiscoveredListing' });
export type Discovered = z.infer<typeof discovered>;
