import type { Listing } from '@agent-registry/client';
import { type Command, defineCommand, type Group } from '../define-command.ts';
import { given, number, oneOf, required, text, toggle } from '../flags.ts';
import { readJsonIfGiven } from '../read-input.ts';
import { done, inline, status } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { type Doc, type fields, table, toned } from '../terminal/document.ts';

const list = defineCommand({
  usage: 'list [agent_id]',
  summary: 'List what an agent offers; your own listings unless an agent is named',
  example: 'listings list',
  flags: { limit },
  run: ({ client, agentId }, { agent_id, limit: most }) =>
    take(client.iterate('listAgentListings', { agent_id: agent_id ?? agentId }), most),
  show: (items) => [
    table(items, 'No listings', {
      LISTING: (item) => item.listing_id,
      SKILL: (item) => toned('strong', item.skill_id),
      PRICE: (item) => item.base_price,
      STATUS: (item) => status(item.status),
      DESCRIPTION: (item) => item.description,
    }),
  ],
});

const sla = text('<file>', 'terms of service: JSON in a file; - is standard input');

const create = defineCommand({
  usage: 'create <skill_id>',
  summary: 'Offer a skill',
  example: 'listings create summarise --base-price 12.50 --description "Ten pages in a minute"',
  flags: {
    base_price: required('<credits>', 'where negotiation begins'),
    description: text('<text>', 'for people and for search'),
    sla,
  },
  run: async ({ client, io }, input) =>
    client.createListing(given({ ...input, sla: await readJsonIfGiven(io, input.sla) })),
  show: (listing) => done('Offered', listingRows(listing)),
});

const update = defineCommand({
  usage: 'update <listing_id>',
  summary: 'Change what a listing says, pause it or archive it',
  example: 'listings update 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --status paused',
  flags: {
    base_price: text('<credits>', 'where negotiation begins'),
    description: text('<text>', 'for people and for search'),
    status: oneOf(['active', 'paused', 'archived'], 'only active listings are found'),
    sla,
  },
  run: async ({ client, io }, input) =>
    client.updateListing(given({ ...input, sla: await readJsonIfGiven(io, input.sla) })),
  show: (listing) => done('Changed', listingRows(listing)),
});

const listingRows = (listing: Listing): Parameters<typeof fields>[0] => ({
  listing: listing.listing_id,
  skill: toned('strong', listing.skill_id),
  price: listing.base_price,
  status: status(listing.status),
  description: listing.description,
  terms: inline(listing.sla),
});

const discover = defineCommand({
  usage: 'discover [words...]',
  summary: 'Find who can do something, best first',
  example: 'discover summarise a report --max-price 20.00 --min-rating 4',
  access: 'open',
  flags: {
    skill: text('<skill_id>', 'exactly this skill'),
    capability: text('<word>', 'the seller has this capability'),
    min_rating: number('<0-5>', 'the seller is rated at least so', { min: 0, max: 5, isWhole: false }),
    max_price: text('<credits>', 'the listing costs no more'),
    online: toggle('the seller is there now'),
    limit,
  },
  run: ({ client }, { words, skill, online, limit: most, ...filters }) => {
    const q = words.length === 0 ? undefined : words.join(' ');
    const input = given({ q, skill_id: skill, ...filters, online: online ? true : undefined });
    return take(client.iterate('discover', input), most);
  },
  show: (items): Doc => [
    table(items, 'Nobody offers that', {
      SKILL: (item) => toned('strong', item.skill_id),
      PRICE: (item) => item.base_price,
      SELLER: (item) => item.seller_display_name,
      RATING: (item) => item.seller_reputation ?? toned('quiet', 'new'),
      LISTING: (item) => item.listing_id,
      'SELLER ID': (item) => item.seller_agent_id,
      DESCRIPTION: (item) => item.description,
    }),
  ],
});

export const marketCommands: readonly (Command | Group)[] = [
  { name: 'listings', summary: 'What your agent offers', commands: [list, create, update] },
  discover,
];
