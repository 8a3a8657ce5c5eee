import { formatCents, type Reputation } from '@agent-registry/schemas';
import { get, readLog } from './read-log.ts';
import type { Report } from './report.ts';
import { describeWorking } from './reputation.ts';
import { scoreLeaves } from './score-leaves.ts';

/**
 * Recomputes an agent's scores from the leaves of a registry's public log, over HTTP as any stranger may, and compares them with
 * what the registry says of the agent. It needs neither its database nor a key.
 */
export async function inspectScore(baseUrl: string, agentId: string): Promise<Report> {
  // First what is said, then the log: what the score was made of is in it by then, or will be within a minute or two.
  const said = (await (await get(`${baseUrl}/agents/${agentId}/reputation`)).json()) as Reputation;
  const log = await readLog(baseUrl);
  const scores = scoreLeaves(log.leaves, agentId, new Date(said.as_of));
  const lines = [
    `${log.origin}: ${log.size} leaves, all under the root that is signed by`,
    ...log.vkeys.map((vkey) => `  ${vkey}`),
    `agent ${agentId}, as of ${said.as_of}; full fees ${formatCents(scores.policy.fullFees)}, ${scores.policy.counterparties} counterparties`,
  ];
  for (const leaf of log.leaves)
    if (leaf.kind === 'restored')
      lines.push(
        `leaves ${leaf.from} to ${leaf.to - 1} do not count: the registry says that it lost what they tell of, and has a backup of ${leaf.backup_time}`,
      );
  let faults = 0;
  for (const role of ['seller', 'client'] as const) {
    const standing = scores[role];
    const recomputed = describe(standing.score, formatCents(standing.attackCost));
    const stated = describe(said[`reputation_${role}`], said[`attack_cost_${role}`]);
    if (recomputed !== stated) faults += 1;
    const verdict = recomputed === stated ? 'they agree' : 'THEY DIFFER';
    lines.push('', `as ${role}: ${recomputed} — the registry says ${stated}: ${verdict}`);
    lines.push(...describeWorking(standing));
  }
  if (faults > 0) lines.push('', 'Leaves of the last minutes may not be published yet: look again.');
  return { lines, faults };
}

function describe(score: number | null, attackCost: string): string {
  return `${score ?? 'New'} (attack cost ${attackCost})`;
}
