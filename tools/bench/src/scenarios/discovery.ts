import type { Scenario } from '../scenario.ts';
import { openSearches } from '../searches.ts';

const LISTINGS = 100_000;

export const discovery: Scenario = {
  name: 'discovery',
  about: 'searches of 10^5 listings, unsigned',
  needsRedis: false,
  open: (subject) => openSearches(subject, [LISTINGS]),
};
