import type { Migration } from 'kysely/migration';
import * as agents from './0001-agents.ts';
import * as listings from './0002-listings.ts';
import * as jobs from './0003-jobs.ts';
import * as ledger from './0004-ledger.ts';
import * as events from './0005-events.ts';
import * as grants from './0006-grants.ts';
import * as verdicts from './0007-verdicts.ts';
import * as provenAgents from './0009-proven-agents.ts';
import * as hiddenCases from './0010-hidden-cases.ts';
import * as names from './0011-names.ts';
import * as bounds from './0012-bounds.ts';
import * as documentSizes from './0013-document-sizes.ts';
import * as criteriaChecks from './0014-criteria-checks.ts';
import * as online from './0015-online.ts';
import * as listingTiers from './0016-listing-tiers.ts';
import * as paidSellers from './0017-paid-sellers.ts';
import * as search from './0018-search.ts';
import * as searchIndexes from './0019-search-indexes.ts';
import * as feeSums from './0020-sum-fees.ts';
import * as eventFeed from './0021-event-feed.ts';
import * as feedIndex from './0022-feed-index.ts';
import * as capitalSharpS from './0023-capital-sharp-s.ts';
import * as log from './0024-log.ts';
import * as reputationFees from './0025-reputation-fees.ts';
import * as agentCards from './0026-agent-cards.ts';
import * as settlingAndEvidence from './0027-settling-and-evidence.ts';
import * as marketFigures from './0029-market-figures.ts';
import * as recalls from './0030-recalls.ts';
import * as ledgerSums from './0031-ledger-sums.ts';
import * as compiledChecks from './0032-compiled-checks.ts';
import * as outboxBySubject from './0033-outbox-by-subject.ts';
import * as bytesOfAnHour from './0034-bytes-of-an-hour.ts';

/** In order. A migration that has landed is never edited; see CONTRIBUTING for expand and contract. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-agents': agents,
  '0002-listings': listings,
  '0003-jobs': jobs,
  '0004-ledger': ledger,
  '0005-events': events,
  '0006-grants': grants,
  '0007-verdicts': verdicts,
  '0009-proven-agents': provenAgents,
  '0010-hidden-cases': hiddenCases,
  '0011-names': names,
  '0012-bounds': bounds,
  '0013-document-sizes': documentSizes,
  '0014-criteria-checks': criteriaChecks,
  '0015-online': online,
  '0016-listing-tiers': listingTiers,
  '0017-paid-sellers': paidSellers,
  '0018-search': search,
  '0019-search-indexes': searchIndexes,
  '0020-sum-fees': feeSums,
  '0021-event-feed': eventFeed,
  '0022-feed-index': feedIndex,
  '0023-capital-sharp-s': capitalSharpS,
  '0024-log': log,
  '0025-reputation-fees': reputationFees,
  '0026-agent-cards': agentCards,
  '0027-settling-and-evidence': settlingAndEvidence,
  '0029-market-figures': marketFigures,
  '0030-recalls': recalls,
  '0031-ledger-sums': ledgerSums,
  '0032-compiled-checks': compiledChecks,
  '0033-outbox-by-subject': outboxBySubject,
  '0034-bytes-of-an-hour': bytesOfAnHour,
};
