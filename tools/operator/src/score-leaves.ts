import {
  type SettlementFacts,
  type Standing,
  standingOf,
  type WeighedReview,
  weighReview,
} from '@agent-registry/domain';
import type { Leaf, LeafOf } from '@agent-registry/log';
import { parseCents, type ReputationPolicy } from '@agent-registry/schemas';

export interface LeafScores {
  readonly policy: ReputationPolicy;
  readonly seller: Standing;
  readonly client: Standing;
}

/**
 * An agent's standings as of a time, from public leaves alone: the policies, the settlements, and the reviews that it received.
 *
 * @param leaves in the log's order, from its first on.
 * @throws TypeError for an amount that is none, or where no policy was ever published.
 */
export function scoreLeaves(leaves: readonly Leaf[], agentId: string, asOf: Date): LeafScores {
  const kept = withoutLost(leaves);
  const known = kept.filter(({ time }) => new Date(time) <= asOf);
  const policy = policyOf(known) ?? policyOf(kept.filter(({ kind }) => kind === 'policy').slice(0, 1));
  if (policy === undefined) throw new TypeError('the log has no policy');
  const facts = new Map<string, SettlementFacts>();
  for (const leaf of known)
    if (leaf.kind === 'settlement')
      facts.set(leaf.job, {
        feeFloor: centsOf(leaf.fee_floor),
        stakeFloor: centsOf(leaf.stake_floor),
        fault: leaf.fault,
      });
  const reviews = known.filter(
    (leaf): leaf is LeafOf<'review'> => leaf.kind === 'review' && leaf.reviewee === agentId,
  );
  const standing = (role: 'seller' | 'client', reviewRole: LeafOf<'review'>['role']): Standing => {
    const received = reviews.filter((review) => review.role === reviewRole);
    return standingOf(
      received.map((review) => weigh(review, facts.get(review.job), role)),
      asOf,
      policy,
    );
  };
  return {
    policy,
    seller: standing('seller', 'client_reviewing_seller'),
    client: standing('client', 'seller_reviewing_client'),
  };
}

/** Leaves that a restored backup lost tell of what the registry no longer has, and what may have happened again since. */
function withoutLost(leaves: readonly Leaf[]): Leaf[] {
  const lost = leaves.filter((leaf): leaf is LeafOf<'restored'> => leaf.kind === 'restored');
  return leaves.filter((_, index) => !lost.some(({ from, to }) => index >= from && index < to));
}

/** The policy in force after these leaves. */
function policyOf(leaves: readonly Leaf[]): ReputationPolicy | undefined {
  const leaf = leaves.findLast(({ kind }) => kind === 'policy') as LeafOf<'policy'> | undefined;
  return leaf && { fullFees: centsOf(leaf.full_fees), counterparties: leaf.counterparties };
}

/** A review of a job that is not settled yet weighs nothing. */
function weigh(
  review: LeafOf<'review'>,
  facts: SettlementFacts | undefined,
  role: 'seller' | 'client',
): WeighedReview {
  return {
    reviewId: review.review_id,
    reviewerId: review.reviewer,
    rating: review.rating,
    createdAt: new Date(review.time),
    ...(facts === undefined ? { weighs: 0n, isBlamed: false } : weighReview(facts, role, review.rating)),
  };
}

function centsOf(amount: string): bigint {
  const cents = parseCents(amount);
  if (cents === null) throw new TypeError(`${amount} is no amount`);
  return cents;
}
