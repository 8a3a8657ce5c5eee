import type { Scenario } from '../scenario.ts';
import { openSearches } from '../searches.ts';

const SIZES = [100_000, 1_000_000];

export const discoveryMillion: Scenario = {
  name: 'discovery-million',
  about: 'the same searches of 10^5 and of 10^6 listings in turn: what grows?',
  long: true,
  needsRedis: false,
  open: (subject) => openSearches(subject, SIZES),
};
