import { marketRules, rateLimits } from '@agent-registry/config';
import {
  CHECK_RUNNER_MS_DAILY,
  CHECKS_DAILY,
  describeFee,
  ENDPOINT_DISABLE_AFTER_FAILURES,
  ENDPOINT_DISABLE_AFTER_MS,
  RETRY_DELAY_UNITS,
} from '@agent-registry/domain';
import {
  LISTINGS_MAX,
  OPEN_PROPOSALS_MAX,
  OPEN_PROPOSALS_TO_SELLER_MAX,
  SETTLEMENT_OFFERS_MAX,
  STORAGE_LIMITS,
} from '@agent-registry/operations';
import {
  ERROR_CODES,
  type ErrorCode,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_PER_PARTY_MAX,
  formatCents,
  MAX_PRICE_CENTS,
  REMEDIES,
  RESULT_BYTES_MAX,
  scriptRuntimes,
  testOutcomes,
  testTypes,
} from '@agent-registry/schemas';
import { escapeHtml, inline, table } from './html.ts';
import { machineDiagram, machineTable } from './machine.ts';
import type { Facts } from './markdown.ts';
import { feeTable, settlementTable } from './settlements.ts';

const rules = marketRules.parse({});
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MIB = 1_048_576;
const inDays = (ms: number): string => `${ms / DAY_MS} days`;
const inHours = (ms: number): string => `${ms / HOUR_MS} hours`;
const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;

/** What the guides say of the registry's numbers and tables, from where they are defined. */
export const facts: Facts = {
  words: {
    fee: describeFee(rules.feeRatePpm).display,
    proposalExpiry: inDays(rules.proposalExpiryMs),
    fundingWindow: inHours(rules.fundingWindowMs),
    reviewWindow: inHours(rules.reviewWindowMs),
    disputeWindow: inHours(rules.disputeWindowMs),
    disputeResolution: inDays(rules.disputeResolutionMs),
    deadlineDefault: inDays(rules.deadlineDefaultMs),
    verificationLimit: inHours(rules.verificationErrorMs),
    eventRetention: inDays(rules.eventRetentionMs),
    secretOverlap: inHours(rules.secretOverlapMs),
    failStep: String(rules.verdictFailStepMs / 1_000),
    evidencePerParty: String(EVIDENCE_PER_PARTY_MAX),
    evidenceSize: `${EVIDENCE_BYTES_MAX / 1024} KiB`,
    settlementOffers: String(SETTLEMENT_OFFERS_MAX),
    maxDeliveries: String(rules.maxDeliveries),
    webhookAttempts: String(rules.webhookMaxAttempts),
    fullFees: formatCents(rules.reputation.fullFees),
    counterpartyFees: formatCents(rules.reputation.fullFees / BigInt(rules.reputation.counterparties)),
    checksDaily: String(CHECKS_DAILY),
    checkSecondsDaily: String(CHECK_RUNNER_MS_DAILY / 1_000),
    disableAfter: `${inDays(ENDPOINT_DISABLE_AFTER_MS)} and ${ENDPOINT_DISABLE_AFTER_FAILURES} attempts`,
    runtimes: scriptRuntimes.map((runtime) => `\`${runtime}\``).join(', '),
  },
  blocks: {
    machine: machineDiagram,
    states: machineTable,
    settlements: settlementTable,
    fees: () => feeTable(rules.feeRatePpm),
    errors: errorTable,
    rates: rateTable,
    retries: retryTable,
    sizes: sizeTable,
    windows: windowTable,
    outcomes: () =>
      table(
        ['outcome', 'what it means'],
        Object.entries(testOutcomes).map(([name, meaning]) => [code(name), escapeHtml(meaning)]),
      ),
    tests: () =>
      table(
        ['type', 'passes when', 'params'],
        Object.entries(testTypes).map(([name, { passes, params }]) => [
          `<a href="#${name}">${code(name)}</a>`,
          inline(passes),
          Object.keys(params).map(code).join(', '),
        ]),
      ),
  },
};

function errorTable(): string {
  const articles = Object.entries(ERROR_CODES).map(
    ([name, [status, title]]) =>
      `<article class="error" id="${name}"><h3>${code(name)} <small>${status}</small></h3><p>${escapeHtml(title)}. ${inline(REMEDIES[name as ErrorCode])}</p></article>`,
  );
  return articles.join('\n');
}

function rateTable(): string {
  const rows = Object.entries(rateLimits.parse({})).map(([category, { capacity, refillPerMin }]) => [
    code(category),
    String(capacity),
    String(refillPerMin),
  ]);
  return table(['category', 'at once', 'then a minute'], rows);
}

function retryTable(): string {
  const unit = rules.webhookDelayUnitMs / 1_000;
  const rows = RETRY_DELAY_UNITS.slice(0, rules.webhookMaxAttempts - 1).map((units, index) => {
    const seconds = units * unit;
    return [String(index + 2), seconds < 60 ? `${seconds} s` : `${seconds / 60} min`];
  });
  return table(['attempt', 'after the one before'], rows);
}

function sizeTable(): string {
  const rows = [
    ['body of a request', '1 MiB'],
    ['result of a delivery, sample of a check', `${RESULT_BYTES_MAX / 1024} KiB`],
    ['price', `${formatCents(1n)} to ${formatCents(MAX_PRICE_CENTS)}`],
    ['listings of a seller', String(LISTINGS_MAX)],
    ['open proposals of a client', `${OPEN_PROPOSALS_MAX}, ${OPEN_PROPOSALS_TO_SELLER_MAX} to one seller`],
    ['kept for an agent while it matters', `${STORAGE_LIMITS.kept / MIB} MiB`],
    ['written by an agent in an hour', `${STORAGE_LIMITS.hourOfAgent / MIB} MiB`],
    ['written from one address in an hour', `${STORAGE_LIMITS.hourOfAddress / MIB} MiB`],
    ['checks of criteria a day', `${CHECKS_DAILY}, ${CHECK_RUNNER_MS_DAILY / 1_000} runner-seconds`],
    ['deliveries of a job', String(rules.maxDeliveries)],
  ];
  return table(['what', 'at most'], rows);
}

function windowTable(): string {
  const rows = [
    ['an offer that nobody answers', inDays(rules.proposalExpiryMs), 'the job is cancelled'],
    ['agreed, not funded', inHours(rules.fundingWindowMs), 'the job is cancelled'],
    [
      'funded, no deadline agreed',
      inDays(rules.deadlineDefaultMs),
      'the job fails, the client gets price and bond',
    ],
    ['delivered without criteria', inHours(rules.reviewWindowMs), 'the job completes, the seller is paid'],
    [
      'delivered, no verdict can be had',
      inHours(rules.verificationErrorMs),
      'the job is disputed: an operator looks',
    ],
    ['failed, nobody disputes', inHours(rules.disputeWindowMs), 'the money goes as the outcome says'],
    [
      'disputed, no operator decides',
      inDays(rules.disputeResolutionMs),
      'the money goes as the outcome says',
    ],
  ];
  return table(['what waits', 'for', 'then'], rows);
}
