const DAY_MS = 86_400_000;
/** Reviews younger than this weigh double. */
export const RECENT_MS = 30 * DAY_MS;
/** Reviews younger than this weigh one and a half. */
export const FAIRLY_RECENT_MS = 90 * DAY_MS;
/** Reviews it takes until the mean counts in full. */
export const FULL_CONFIDENCE_REVIEWS = 20;
/** Reviews of one agent by one reviewer in one UTC day that count. */
export const COUNTED_PER_REVIEWER_AND_DAY = 10;
/** Under this many reviews an agent has no reputation yet. */
export const REVIEWS_TO_SHOW = 3;

export interface RatedReview {
  readonly reviewId: string;
  readonly reviewerId: string;
  readonly rating: number;
  readonly createdAt: Date;
}

export interface Standing {
  /** 0.00–5.00; null under three counted reviews. */
  readonly score: number | null;
  readonly counted: number;
  /** When the score changes by time alone; null when it will not. */
  readonly changesAt: Date | null;
  readonly working: readonly { reviewId: string; rating: number; halves: 2 | 3 | 4 }[];
}

/**
 * The recency-weighted mean of the reviews that count, times the confidence min(1, n/20), to two places, half to even.
 * Calculated in integers: weights are in halves (2, 3, 4).
 */
export function standingOf(reviews: readonly RatedReview[], now: Date): Standing {
  const counting = countedReviews(reviews);
  const working = counting.map((review) => ({
    reviewId: review.reviewId,
    rating: review.rating,
    halves: weightInHalves(now.getTime() - review.createdAt.getTime()),
  }));
  const changes = counting.flatMap((review) =>
    [RECENT_MS, FAIRLY_RECENT_MS]
      .map((age) => review.createdAt.getTime() + age + 1)
      .filter((at) => at > now.getTime()),
  );
  return {
    score: working.length < REVIEWS_TO_SHOW ? null : score(working),
    counted: working.length,
    changesAt: changes.length === 0 ? null : new Date(Math.min(...changes)),
    working,
  };
}

function weightInHalves(ageMs: number): 2 | 3 | 4 {
  if (ageMs <= RECENT_MS) return 4;
  return ageMs <= FAIRLY_RECENT_MS ? 3 : 2;
}

function score(working: Standing['working']): number {
  const weights = working.reduce((sum, entry) => sum + entry.halves, 0);
  const weighted = working.reduce((sum, entry) => sum + entry.halves * entry.rating, 0);
  const confident = Math.min(working.length, FULL_CONFIDENCE_REVIEWS);
  const numerator = BigInt(weighted * confident) * 100n;
  const denominator = BigInt(weights * FULL_CONFIDENCE_REVIEWS);
  const whole = numerator / denominator;
  const twiceRest = (numerator % denominator) * 2n;
  const up = twiceRest > denominator || (twiceRest === denominator && whole % 2n === 1n);
  return Number(up ? whole + 1n : whole) / 100;
}

function countedReviews(reviews: readonly RatedReview[]): RatedReview[] {
  const seen = new Map<string, number>();
  const inOrder = [...reviews].sort(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.reviewId < b.reviewId ? -1 : 1),
  );
  return inOrder.filter((review) => {
    const key = `${review.reviewerId} ${review.createdAt.toISOString().slice(0, 10)}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before < COUNTED_PER_REVIEWER_AND_DAY;
  });
}
