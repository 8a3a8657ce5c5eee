import type { RecalledVerdict } from '@agent-registry/client';
import type { Column } from './table.tsx';
import { Status, short } from './ui.tsx';
import { WatchedAgent } from './watched-agent.tsx';

/** Of verdicts that a runner gave: on whose work, and which. */
export const verdictColumns: readonly Column<RecalledVerdict>[] = [
  ['Job', (row) => <span class="id">{short(row.job_id)}</span>],
  ['State', (row) => <Status of={row.job_status} />],
  ['Client', (row) => <WatchedAgent id={row.client_agent_id} />],
  ['Seller', (row) => <WatchedAgent id={row.seller_agent_id} />],
  ['Verdict', (row) => <Status of={row.verdict} />],
];
