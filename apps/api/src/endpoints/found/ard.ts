import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { ardRefusal, presentArdEntry, readIdentifier } from '../../found/ard-entry.ts';
import { searchAgents } from '../../found/ard-search.ts';
import { findOffers } from '../../found/find-card-of.ts';

export const searchArd = reading({
  contract: contracts.searchArd,
  async read(context, { body }) {
    const page = await searchAgents(context, body);
    return body.federation === 'referrals' ? { ...page, referrals: [] } : page;
  },
});

export const getArdEntry = reading({
  contract: contracts.getArdEntry,
  async read({ db, config, clock }, { params }) {
    const agentId = readIdentifier(config.publicBaseUrl, params.identifier);
    const found = agentId === null ? undefined : await findOffers(db, agentId);
    if (found === undefined) throw ardRefusal('not_found', 'There is no such entry in this registry.');
    return presentArdEntry(config.publicBaseUrl, found.agent, found.listings, clock.now());
  },
});
