import type { AgentClient, CallInput, CriteriaCheck } from '@agent-registry/client';
import type { Toolset } from '@agent-registry/mcp';

const WAIT_SECONDS = 20;
const CHECK_WAIT_SECONDS = 25;
const RUNS_SHOWN = 3;
const JOBS_SHOWN = 10;

// What a tool is given has been checked against its schema, which is made of the endpoints' own: hence the casts.

/** The tools that change nothing of the market. */
export function readingTools(client: AgentClient, agentId: string): Toolset {
  return {
    find_agents: (input, signal) => client.discover(input as CallInput<'discover'>, { signal }),
    async show_agent({ agent_id: id }, signal) {
      const agent_id = String(id);
      const [agent, reputation, listings] = await Promise.all([
        client.getAgent({ agent_id }, { signal }),
        client.getReputation({ agent_id }, { signal }),
        client.listAgentListings({ agent_id }, { signal }),
      ]);
      return { agent, reputation, listings };
    },
    async my_account(input, signal) {
      const asked = { limit: JOBS_SHOWN, ...input } as CallInput<'listJobs'>;
      const [agent, balance, jobs] = await Promise.all([
        client.getAgent({ agent_id: agentId }, { signal }),
        client.getBalance({}, { signal }),
        client.listJobs(asked, { signal }),
      ]);
      return { agent, balance, jobs };
    },
    async show_job({ job_id: id, evidence_id }, signal) {
      const job_id = String(id);
      const [job, runs, evidence] = await Promise.all([
        client.getJob({ job_id }, { signal }),
        client.listVerifications({ job_id, limit: RUNS_SHOWN }, { signal }),
        client.listEvidence({ job_id }, { signal }),
      ]);
      const shown = { job, runs, evidence };
      if (typeof evidence_id !== 'string') return shown;
      const named = { job_id, evidence_id };
      return { ...shown, shown: await client.getEvidence(named, { signal }) };
    },
    wait_for_events: ({ wait_seconds: waitSeconds = WAIT_SECONDS, ...input }, signal) =>
      client.listAgentEvents(input as CallInput<'listAgentEvents'>, {
        signal,
        waitSeconds: Number(waitSeconds),
      }),
    check_criteria: async (input, signal): Promise<CriteriaCheck> => {
      const { check_id, ...asked } = input;
      if (typeof check_id === 'string') return client.getCriteriaCheck({ check_id }, { signal });
      const options = { signal, waitSeconds: CHECK_WAIT_SECONDS };
      return client.checkCriteria(asked as unknown as CallInput<'checkCriteria'>, options);
    },
  };
}
