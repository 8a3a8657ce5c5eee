import { z } from 'zod';
import { timeOut } from './common.ts';

/**
 * What the registry knows of the A2A card that an agent keeps elsewhere. `pending`: not looked at yet · `verified`: signed by the
 * agent's registered key · `unsigned`: not signed by a key that the registry can check · `drifted`: a signature is there that does
 * not verify, or is no longer there · `unreachable`: there was no answer · `refused`: what came is no card, or may not be fetched.
 */
export const CARD_STATUSES = [
  'pending',
  'verified',
  'unsigned',
  'drifted',
  'unreachable',
  'refused',
] as const;
export type CardStatus = (typeof CARD_STATUSES)[number];

const cardState = {
  url: z.string().describe('Where the agent keeps it'),
  status: z.enum(CARD_STATUSES).meta({
    description:
      'pending: not looked at yet; verified: signed by the registered key; unsigned: not signed by a key that can be checked; drifted: a signature does not verify, or is gone; unreachable: no answer; refused: no card, or it may not be fetched',
  }),
  checked_at: timeOut.nullable().describe('When it was last looked at'),
};

export const cardView = z
  .object(cardState)
  .meta({ id: 'AgentCardState', description: 'The A2A card that an agent keeps elsewhere' });
export type CardView = z.infer<typeof cardView>;

/** A fault of a card: `path` in dotted form, `message` for a person. */
const cardFlaw = z.object({
  path: z.string().describe('Where, in dotted form; empty for the whole'),
  message: z.string().describe('What is wrong, and what was done about it'),
});
export type CardFlaw = z.infer<typeof cardFlaw>;

const draftListing = z.object({
  skill_id: z.string().describe('What the listing would offer'),
  description: z.string().nullable().describe('What the card says of it'),
  tags: z.array(z.string()).describe('The words that the card gives it'),
});

/** What a card suggests. Nothing of it is published: that takes the owner's request. */
export const cardSuggestions = z
  .object({
    display_name: z.string().nullable().describe('For PATCH /agents/{agent_id}'),
    description: z.string().nullable().describe('For PATCH /agents/{agent_id}'),
    listings: z
      .array(draftListing)
      .describe('Drafts for POST /agents/{agent_id}/listings, which asks for a price as well'),
  })
  .meta({ id: 'CardSuggestions', description: 'What a card suggests; nothing of it is published' });
export type CardSuggestions = z.infer<typeof cardSuggestions>;

export const cardReport = z
  .object({
    ...cardState,
    protocol_version: z.string().nullable().describe('The version of A2A that the card is written for'),
    flaws: z.array(cardFlaw).describe('What is wrong with the card, the first 50'),
    suggestions: cardSuggestions.nullable().describe('Null until a card was read'),
  })
  .meta({ id: 'AgentCardReport', description: 'What came of looking at an agent’s card' });
export type CardReport = z.infer<typeof cardReport>;
