import { type CriteriaCheckRow, type Db, findCheck } from '@agent-registry/db';
import { RegistryError } from '@agent-registry/schemas';

/** An agent's own check. @throws RegistryError not_found, also for another agent's. */
export async function checkOf(db: Db, checkId: string, agentId: string): Promise<CriteriaCheckRow> {
  const check = await findCheck(db, checkId);
  if (check === undefined || check.agent_id !== agentId)
    throw new RegistryError('not_found', 'There is no such check.');
  return check;
}
