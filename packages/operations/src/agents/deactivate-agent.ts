import {
  type AgentRow,
  countFundedJobsOf,
  type JobRow,
  lockAccounts,
  lockJobsOf,
  updateAgentRow,
} from '@agent-registry/db';
import { UNFUNDED_STATUSES } from '@agent-registry/domain';
import { formatCents, RegistryError } from '@agent-registry/schemas';
import { endUnfunded } from '../jobs/cancel-job.ts';
import { type Op, passTime } from '../op.ts';
import { loadAgent } from './load-agent.ts';
import { syncListings } from './update-agent.ts';

/** Unfunded jobs ended in one deactivation: an agent with more must end some itself first. */
const UNFUNDED_JOBS_MAX = 1_000;

/**
 * Takes an agent out of the registry; its unfunded jobs are cancelled.
 *
 * @throws RegistryError not_found, agent_deactivated, money_held while it has a balance or takes part in a funded job.
 */
export async function deactivateAgent(op: Op, input: { agentId: string }): Promise<void> {
  const agent = await loadAgent(op, input.agentId);
  const unfunded = await lockUnfundedJobs(op, agent.agent_id);
  if (unfunded.length > UNFUNDED_JOBS_MAX) {
    throw new RegistryError(
      'invalid_state',
      `More than ${UNFUNDED_JOBS_MAX} jobs are open: cancel some first.`,
    );
  }
  await retire(op, agent, unfunded, { reason: 'a party left the registry' });
}

/**
 * Takes an agent that never proved to hold its key out of the registry, in favour of whoever does; its unfunded jobs are cancelled.
 * They are proposals of others, as it could do nothing itself, and those beyond the bound expire.
 *
 * @param agent locked together with its key.
 * @throws RegistryError money_held: an operator gave it money, and must decide whose that is.
 */
export async function displaceAgent(op: Op, agent: AgentRow): Promise<void> {
  const unfunded = await lockUnfundedJobs(op, agent.agent_id);
  await retire(op, agent, unfunded.slice(0, UNFUNDED_JOBS_MAX), {
    reason: 'key_claimed',
    displaced_at: op.now,
  });
}

async function retire(
  op: Op,
  agent: AgentRow,
  unfunded: readonly JobRow[],
  { reason, ...columns }: { reason: string; displaced_at?: Date },
): Promise<void> {
  // In this order: while the agent is locked no job of its can be funded, so that none is left means that none will pay it.
  const funded = await countFundedJobsOf(op.trx, agent.agent_id);
  const [account] = await lockAccounts(op.trx, [{ kind: 'agent', ownerId: agent.agent_id }]);
  const available = account?.balance ?? 0n;
  if (available > 0n || funded > 0) {
    throw new RegistryError(
      'money_held',
      `The agent owns ${formatCents(available)} and takes part in ${funded} funded jobs: both must be none.`,
    );
  }
  for (const job of unfunded) {
    passTime(op, job.updated_at);
    endUnfunded(op, job, { action: 'cancel', outcome: 'cancelled', reason, by: agent.agent_id });
  }
  const gone = await updateAgentRow(op.trx, agent.agent_id, {
    status: 'deactivated',
    updated_at: op.now,
    ...columns,
  });
  await syncListings(op, gone);
}

function lockUnfundedJobs(op: Op, agentId: string): Promise<JobRow[]> {
  return lockJobsOf(op.trx, agentId, UNFUNDED_STATUSES, UNFUNDED_JOBS_MAX + 1);
}
