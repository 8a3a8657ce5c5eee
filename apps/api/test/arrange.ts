import type { AgentColumns } from '@agent-registry/db';
import type { TestApi } from './start-api.ts';

/** An id of the right form that nothing has. */
export const NO_ID = '00000000-0000-7000-8000-000000000000';

/** Writes columns of an agent that no request could write. */
export const setAgent = ({ db }: TestApi, agentId: string, columns: AgentColumns) =>
  db.updateTable('agents').set(columns).where('agent_id', '=', agentId).execute();

/** What the sweep does once a test-runner has said that it has Python. */
export const offerPython = ({ db, clock }: TestApi) =>
  db
    .insertInto('deployment_facts')
    .values({ name: 'runtimes', value: JSON.stringify([{ name: 'python:3' }]), updated_at: clock.now() })
    .execute();
