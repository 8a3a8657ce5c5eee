import { type Db, findAgent } from '@agent-registry/db';
import type { Standing } from '@agent-registry/domain';
import { findStanding } from '@agent-registry/operations';
import type { Report } from './report.ts';

const ROLES = [
  ['seller', 'client_reviewing_seller'],
  ['client', 'seller_reviewing_client'],
] as const;

/** Recomputes an agent's scores from its public reviews, as of when they were stored, and shows the working. */
export async function inspectReputation(db: Db, agentId: string): Promise<Report> {
  const agent = await findAgent(db, agentId);
  if (agent === undefined) return { lines: [`There is no agent ${agentId}.`], faults: 1 };
  const lines = [`${agent.display_name} (${agentId}), as of ${agent.reputation_as_of.toISOString()}`];
  let faults = 0;
  for (const [role, reviewRole] of ROLES) {
    const { standing } = await findStanding(db, { agentId, role: reviewRole, asOf: agent.reputation_as_of });
    const stored = role === 'seller' ? agent.reputation_seller : agent.reputation_client;
    const agrees = stored === standing.score;
    if (!agrees) faults += 1;
    lines.push(
      '',
      `as ${role}: ${standing.score ?? 'New'} — stored ${stored ?? 'New'}: ${agrees ? 'they agree' : 'THEY DIFFER'}`,
    );
    lines.push(...describeWorking(standing));
  }
  return { lines, faults };
}

function describeWorking(standing: Standing): string[] {
  if (standing.working.length === 0) return ['  no reviews'];
  const weights = standing.working.reduce((sum, entry) => sum + entry.halves, 0) / 2;
  const weighted = standing.working.reduce((sum, entry) => sum + (entry.halves * entry.rating) / 2, 0);
  return [
    ...standing.working.map(
      (entry) => `  ${entry.reviewId}  ${entry.rating} × ${(entry.halves / 2).toFixed(1)}`,
    ),
    `  mean ${weighted} / ${weights} × confidence min(1, ${standing.counted} / 20)`,
    ...(standing.changesAt === null
      ? []
      : [`  changes by time alone at ${standing.changesAt.toISOString()}`]),
  ];
}
