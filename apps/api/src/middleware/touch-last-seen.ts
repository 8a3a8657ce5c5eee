import { type AgentRow, updateLastSeen } from '@agent-registry/db';
import { LimiterFull } from '@agent-registry/service-kit';
import type { ApiContext } from '../context.ts';

const ONCE_A_MS = 60_000;

/** Notes that an agent was seen, at most once a minute and without anybody waiting; the first time proves that it holds its key. */
export function touchLastSeen(context: ApiContext, agent: AgentRow): void {
  const now = context.clock.now();
  const isRecent = agent.last_seen !== null && now.getTime() - agent.last_seen.getTime() < ONCE_A_MS;
  if (isRecent && agent.proven_at !== null) return;
  const touch = (): Promise<unknown> => updateLastSeen(context.db, agent.agent_id, now);
  context.background.run(agent.agent_id, touch).catch((error: unknown) => {
    if (!(error instanceof LimiterFull)) context.log.warn({ error }, 'last_seen could not be touched');
  });
}
