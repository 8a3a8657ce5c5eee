import type { JobRole, ReputationPolicy } from '@agent-registry/schemas';
import { roundHalfEven } from './money.ts';
import type { SettlementFacts } from './settlement-facts.ts';

const DAY_MS = 86_400_000;
/** Reviews of at most this age weigh double. */
export const RECENT_MS = 30 * DAY_MS;
/** Reviews of at most this age weigh one and a half. */
export const FAIRLY_RECENT_MS = 90 * DAY_MS;
/** Reviews of one agent by one reviewer in one UTC day that count: the first ones. */
export const COUNTED_PER_REVIEWER_AND_DAY = 10;
/** Reviews that one standing is computed from: the newest, of which the oldest weigh least. */
export const COUNTED_REVIEWS_MAX = 10_000;
/** Under this many reviews an agent has no reputation yet. */
export const REVIEWS_TO_SHOW = 3;
/** Where fees weigh nothing, the reviews it takes until the mean counts in full. */
const FULL_CONFIDENCE_REVIEWS = 20n;
/** The best rating that a reviewer may give and still blame the other for a job that paid nothing. */
const BLAMING_RATING_MAX = 2;
/** What such a review counts as. */
const BLAMED_RATING = 1;

/** What a review is worth by how its job was settled. */
export interface ReviewWeight {
  /** Cents: the fee that was paid, or the fee that was lost where the reviewee is blamed; 0 where it weighs nothing. */
  readonly weighs: bigint;
  readonly isBlamed: boolean;
}

export interface WeighedReview extends ReviewWeight {
  readonly reviewId: string;
  readonly reviewerId: string;
  readonly rating: number;
  readonly createdAt: Date;
}

export interface CountedReview {
  readonly review: WeighedReview;
  readonly rating: number;
  readonly halves: 2 | 3 | 4;
  /** In units of `full`. */
  readonly weight: bigint;
}

export interface Standing {
  /** 0.00–5.00; null under three reviews that weigh. */
  readonly score: number | null;
  /** Cents of fees in the reviews that were paid for: had every reviewer been the agent itself, it had burnt this much at least. */
  readonly attackCost: bigint;
  /** Who paid those. */
  readonly counterparties: ReadonlySet<string>;
  /** When the score changes by time alone; null when it will not. */
  readonly changesAt: Date | null;
  /** The weight at which the mean counts in full. */
  readonly full: bigint;
  readonly working: readonly CountedReview[];
}

/** Names the formula and its parameters: scores of different names cannot be compared. */
export function reputationFormula({ fullFees, counterparties }: ReputationPolicy): string {
  return fullFees === 0n ? '1' : `2:${fullFees}:${counterparties}`;
}

/** The parameters of a formula by its name; undefined for what is no name. */
export function policyOfFormula(name: string): ReputationPolicy | undefined {
  if (name === '1') return { fullFees: 0n, counterparties: 1 };
  const [, fullFees, counterparties] = /^2:([1-9]\d{0,17}):([1-9]\d{0,8})$/.exec(name) ?? [];
  if (fullFees === undefined || counterparties === undefined) return undefined;
  return { fullFees: BigInt(fullFees), counterparties: Number(counterparties) };
}

/** What a review weighs, by the facts of its job's settlement and the role of the agent that it is of. */
export function weighReview(facts: SettlementFacts, reviewee: JobRole, rating: number): ReviewWeight {
  if (facts.feeFloor > 0n) return { weighs: facts.feeFloor, isBlamed: false };
  const isBlamed = facts.fault === reviewee && rating <= BLAMING_RATING_MAX;
  return { weighs: isBlamed ? facts.stakeFloor : 0n, isBlamed };
}

/**
 * The mean of the reviews that count, weighed by the fees that their jobs burnt and by how recent they are, times
 * min(1, fees / full fees), to two places, half to even. One counterparty's fees weigh for its part of the full fees at most,
 * its newest reviews first; what its jobs burnt when they failed by the agent's fault weighs likewise, as the least rating.
 * Identities are free and fees are not, so that a score of 5.00 costs the full fees, however it is come by.
 * Calculated in integers.
 *
 * @param reviews of one agent in one role, in any order.
 */
export function standingOf(reviews: readonly WeighedReview[], now: Date, policy: ReputationPolicy): Standing {
  const byFees = policy.fullFees > 0n;
  const newest = reviews
    .filter(({ weighs, createdAt }) => createdAt <= now && (weighs > 0n || !byFees))
    .toSorted(newestFirst)
    .slice(0, COUNTED_REVIEWS_MAX);
  const paid = firstOfEachDay(newest.filter(({ isBlamed }) => !byFees || !isBlamed));
  const blamed = firstOfEachDay(newest.filter(({ isBlamed }) => byFees && isBlamed));
  const count = (review: WeighedReview, weight: bigint): CountedReview => ({
    review,
    rating: byFees && review.isBlamed ? BLAMED_RATING : review.rating,
    halves: weightInHalves(now.getTime() - review.createdAt.getTime()),
    weight,
  });
  // In parts of a cent, so that a counterparty's part of the full fees is a whole number.
  const parts = BigInt(policy.counterparties);
  const counted = [paid, blamed].map((group) =>
    byFees
      ? capByReviewer(group, policy.fullFees, parts).map(([review, weight]) => count(review, weight))
      : group.map((review) => count(review, 1n)),
  );
  const full = byFees ? policy.fullFees * parts : FULL_CONFIDENCE_REVIEWS;
  const working = counted.flat();
  return {
    score: working.length < REVIEWS_TO_SHOW ? null : scoreOf(working, sumOf(counted[0] ?? []), full),
    attackCost: byFees ? paid.reduce((sum, { weighs }) => sum + weighs, 0n) : 0n,
    counterparties: new Set(byFees ? paid.map(({ reviewerId }) => reviewerId) : []),
    changesAt: nextChange(working, now),
    full,
    working,
  };
}

function newestFirst(a: WeighedReview, b: WeighedReview): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.reviewId < b.reviewId ? 1 : -1);
}

/** @param newest newest first, as the result is. */
function firstOfEachDay(newest: readonly WeighedReview[]): WeighedReview[] {
  const seen = new Map<string, number>();
  const isCounted = ({ reviewerId, createdAt }: WeighedReview) => {
    const key = `${reviewerId} ${createdAt.toISOString().slice(0, 10)}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before < COUNTED_PER_REVIEWER_AND_DAY;
  };
  return newest.toReversed().filter(isCounted).toReversed();
}

/** Each review with what it weighs, in parts of a cent, of what its reviewer may still weigh. */
function capByReviewer(
  newest: readonly WeighedReview[],
  cap: bigint,
  parts: bigint,
): [WeighedReview, bigint][] {
  const left = new Map<string, bigint>();
  return newest.map((review) => {
    const room = left.get(review.reviewerId) ?? cap;
    const asked = review.weighs * parts;
    const weight = asked < room ? asked : room;
    left.set(review.reviewerId, room - weight);
    return [review, weight];
  });
}

function weightInHalves(ageMs: number): 2 | 3 | 4 {
  if (ageMs <= RECENT_MS) return 4;
  return ageMs <= FAIRLY_RECENT_MS ? 3 : 2;
}

function sumOf(counted: readonly CountedReview[]): bigint {
  return counted.reduce((sum, { weight }) => sum + weight, 0n);
}

/** @param paid the weight of what was paid for. */
function scoreOf(working: readonly CountedReview[], paid: bigint, full: bigint): number {
  const weights = working.map(({ halves, weight }) => BigInt(halves) * weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const rated = working.reduce((sum, { rating }, index) => sum + BigInt(rating) * (weights[index] ?? 0n), 0n);
  const confident = paid < full ? paid : full;
  if (total === 0n) return 0;
  return Number(roundHalfEven(rated * confident * 100n, total * full)) / 100;
}

function nextChange(working: readonly CountedReview[], now: Date): Date | null {
  const changes = working
    .filter(({ weight }) => weight > 0n)
    .flatMap(({ review }) => [RECENT_MS, FAIRLY_RECENT_MS].map((age) => review.createdAt.getTime() + age + 1))
    .filter((at) => at > now.getTime());
  return changes.length === 0 ? null : new Date(Math.min(...changes));
}
