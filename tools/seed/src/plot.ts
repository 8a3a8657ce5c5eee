import type { MarketRules } from '@agent-registry/schemas';
import type { Actor } from './actor.ts';
import type { Bank } from './bank.ts';
import { disputed, refused, resolved, settled } from './disputes.ts';
import { type OpenState, open } from './open.ts';
import type { Random } from './random.ts';
import { createScene, type Deal, HOUR, type Scene } from './scene.ts';
import type { Simulation, Story } from './simulation.ts';
import { aborted, cancelled, neverDelivered, neverFunded, paid, paidBySilence, usedUp } from './stories.ts';

/** Who is there, and what their jobs are played with. */
export interface Market {
  readonly simulation: Simulation;
  readonly bank: Bank;
  /** Whether the criteria accept a delivery, by `job:delivery`. */
  readonly verdicts: Map<string, boolean>;
  readonly sellers: readonly Actor[];
  readonly buyers: readonly Actor[];
  readonly rules: MarketRules;
  /** How much of the jobs below is played, from 0 to 1. */
  readonly share: number;
}

interface Plot {
  /** How many of the jobs of the past go like this. */
  readonly jobs: number;
  /** Whether it takes criteria; null where either will do. */
  readonly criteria: boolean | null;
  readonly play: (scene: Scene, market: Market) => Story;
}

/** 322 jobs; with the 78 that are open they are 400. */
const PLOTS: readonly Plot[] = [
  { jobs: 166, criteria: null, play: (scene) => paid(scene) },
  { jobs: 28, criteria: true, play: (scene) => paid(scene, 1) },
  { jobs: 8, criteria: true, play: (scene) => paid(scene, 2) },
  { jobs: 14, criteria: false, play: paidBySilence },
  { jobs: 24, criteria: null, play: cancelled },
  // Nobody answers, and the proposal expires.
  { jobs: 14, criteria: null, play: (scene) => open(scene, 'proposed') },
  { jobs: 8, criteria: null, play: neverFunded },
  { jobs: 8, criteria: null, play: (scene) => aborted(scene, 'client') },
  { jobs: 8, criteria: null, play: (scene) => aborted(scene, 'seller') },
  { jobs: 8, criteria: null, play: neverDelivered },
  {
    jobs: 8,
    criteria: true,
    play: (scene, { rules }) => usedUp(scene, rules.maxDeliveries),
  },
  { jobs: 8, criteria: false, play: refused },
  { jobs: 9, criteria: false, play: resolved },
  { jobs: 5, criteria: false, play: settled },
  { jobs: 6, criteria: false, play: disputed },
];

/** How many jobs are open at the end, by their state. */
const OPEN: Readonly<Record<OpenState, number>> = {
  proposed: 14,
  negotiating: 10,
  agreed: 10,
  funded: 8,
  in_progress: 14,
  delivered: 8,
  verifying: 2,
  failed: 5,
  disputed: 7,
};

/** States of jobs without criteria: with a suite its verdict would have decided. */
const WITHOUT_CRITERIA: readonly OpenState[] = ['delivered', 'failed', 'disputed'];
/** How long before the end the last job of the past begins, so that most have ended. */
const LAST_MS = 3 * 24 * HOUR;
/** A job whose tests run at the end is delivered four steps of three minutes after its proposal, and 10 s before the end. */
const TO_VERDICT_MS = 4 * 180_000 + 10_000;

/** Begins two months of jobs, busier towards the end. */
function beginPastJobs(market: Market, from: Date, until: Date): void {
  const random = market.simulation.random.derive('plots');
  const plots = shuffled(
    PLOTS.flatMap((plot) => Array.from({ length: Math.ceil(plot.jobs * market.share) }, () => plot)),
    random,
  );
  const lasts = until.getTime() - LAST_MS - from.getTime();
  for (const [index, plot] of plots.entries()) {
    const at = new Date(from.getTime() + lasts * ((index + random.next()) / plots.length) ** 0.75);
    const deal = dealOf(market, random, at, plot.criteria);
    beginJob(market, { at, name: `job ${index} of the past`, deal }, (scene) => plot.play(scene, market));
  }
}

/** Begins the jobs that are open at the end. */
function beginPresentJobs(market: Market, until: Date): void {
  const random = market.simulation.random.derive('open');
  for (const [name, jobs] of Object.entries(OPEN)) {
    const state = name as OpenState;
    for (let job = 0; job < Math.ceil(jobs * market.share); job += 1) {
      const isJudged = state === 'verifying';
      const criteria = isJudged ? true : WITHOUT_CRITERIA.includes(state) ? false : null;
      const requirements = isJudged ? { effort: 'thorough' } : {};
      const at = new Date(until.getTime() - (isJudged ? TO_VERDICT_MS : random.whole(1, 40) * HOUR));
      const deal = { ...dealOf(market, random, at, criteria), requirements };
      beginJob(market, { at, name: `job ${job} of those ${state}`, deal }, (scene) => open(scene, state));
    }
  }
}

/** Begins all jobs, once everybody is there. */
export function beginJobs(market: Market, from: Date, until: Date): void {
  beginPastJobs(market, from, until);
  beginPresentJobs(market, until);
}

function beginJob(
  { simulation, bank, verdicts }: Market,
  { deal, ...start }: { at: Date; name: string; deal: Deal },
  play: (scene: Scene) => Story,
): void {
  const keys = [deal.client.name, deal.seller.name];
  simulation.begin({ ...start, keys, tell: (stage) => play(createScene(stage, bank, deal, verdicts)) });
}

/** Buyers come back to sellers whose work is good; the first of each are the busiest, and the last, who will go, have no jobs. */
function dealOf({ sellers, buyers }: Market, random: Random, at: Date, criteria: boolean | null): Deal {
  const client = buyers[Math.floor(random.next() ** 1.6 * (buyers.length - 1))]!;
  for (;;) {
    const seller = sellers[Math.floor(random.next() ** 1.4 * (sellers.length - 1))]!;
    const listing = random.pick(seller.listings.filter(({ until }) => until === null || at < until));
    if (criteria !== null && (listing.skill.criteria !== null) !== criteria) continue;
    if (!random.chance(seller.quality)) continue;
    const { listingId, skill, cents } = listing;
    return { client, seller, skill, listingId, cents: Math.round(cents * (0.9 + random.next() * 0.3)) };
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.whole(0, left.length - 1), 1)[0]!);
}
