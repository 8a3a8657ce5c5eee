import type { Tx } from '../create-db.ts';
import type { AgentRow } from '../tables/index.ts';

/** The columns of an endpoint's health. */
export type EndpointHealth = Pick<
  AgentRow,
  | 'endpoint_verified_url'
  | 'endpoint_answered_at'
  | 'endpoint_disabled_at'
  | 'endpoint_disabled_reason'
  | 'endpoint_failing_since'
  | 'endpoint_failures'
>;

/** The health of an agent's endpoint, locked; undefined when the agent has another endpoint by now. */
export function lockEndpoint(trx: Tx, agentId: string, url: string): Promise<EndpointHealth | undefined> {
  return trx
    .selectFrom('agents')
    .select([
      'endpoint_verified_url',
      'endpoint_answered_at',
      'endpoint_disabled_at',
      'endpoint_disabled_reason',
      'endpoint_failing_since',
      'endpoint_failures',
    ])
    .where('agent_id', '=', agentId)
    .where('endpoint_url', '=', url)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export async function updateEndpoint(
  trx: Tx,
  agentId: string,
  change: Partial<EndpointHealth>,
): Promise<void> {
  await trx.updateTable('agents').set(change).where('agent_id', '=', agentId).execute();
}
