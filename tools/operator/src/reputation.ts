import { type Db, findAgent } from '@agent-registry/db';
import { policyOfFormula, type Standing } from '@agent-registry/domain';
import { findStanding } from '@agent-registry/operations';
import { formatCents } from '@agent-registry/schemas';
import type { Report } from './report.ts';

const ROLES = [
  ['seller', 'client_reviewing_seller'],
  ['client', 'seller_reviewing_client'],
] as const;

/** Recomputes an agent's scores from what its reviews weigh, as of when they were stored, and shows the working. */
export async function inspectReputation(db: Db, agentId: string): Promise<Report> {
  const agent = await findAgent(db, agentId);
  if (agent === undefined) return { lines: [`There is no agent ${agentId}.`], faults: 1 };
  const { reputation_as_of: asOf, scored_by: formula } = agent;
  const lines = [`${agent.display_name} (${agentId}), as of ${asOf.toISOString()}`];
  const policy = policyOfFormula(formula ?? '');
  if (policy === undefined) return { lines: [...lines, 'no score by this formula yet'], faults: 0 };
  let faults = 0;
  for (const [role, reviewRole] of ROLES) {
    const standing = await findStanding(db, { agentId, role: reviewRole, asOf, policy });
    const stored = role === 'seller' ? agent.reputation_seller : agent.reputation_client;
    const cost = role === 'seller' ? agent.attack_cost_seller : agent.attack_cost_client;
    const agrees = stored === standing.score && cost === standing.attackCost;
    if (!agrees) faults += 1;
    lines.push(
      '',
      `as ${role}: ${describeScore(standing.score, standing.attackCost)} — stored ${describeScore(stored, cost)}: ${agrees ? 'they agree' : 'THEY DIFFER'}`,
      ...describeWorking(standing),
    );
  }
  return { lines, faults };
}

function describeScore(score: number | null, attackCost: bigint): string {
  return `${score ?? 'New'} (attack cost ${formatCents(attackCost)})`;
}

/** A standing, review by review. */
export function describeWorking({ working, full, changesAt }: Standing): string[] {
  if (working.length === 0) return ['  no reviews that weigh'];
  const weighed = working.map(({ halves, weight }) => BigInt(halves) * weight);
  const weights = weighed.reduce((sum, weight) => sum + weight, 0n);
  const rated = working.reduce((sum, { rating }, index) => sum + BigInt(rating) * (weighed[index] ?? 0n), 0n);
  const paid = working.reduce((sum, { review, weight }) => sum + (review.isBlamed ? 0n : weight), 0n);
  return [
    ...working.map(
      ({ review, rating, halves, weight }) =>
        `  ${review.reviewId}  ${rating} × ${halves}/2 × ${weight}${review.isBlamed ? ', blamed' : ''}`,
    ),
    `  mean ${rated} / ${weights} × min(1, ${paid} / ${full})`,
    ...(changesAt === null ? [] : [`  changes by time alone at ${changesAt.toISOString()}`]),
  ];
}
