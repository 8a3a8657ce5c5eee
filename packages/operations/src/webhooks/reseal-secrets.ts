import { lockAgentsSealedOtherwise, type SealedSecrets, updateSealedSecrets } from '@agent-registry/db';
import type { Op } from '../op.ts';
import { secretContext } from './webhook-secrets.ts';

/** Agents whose secrets one transaction seals anew. */
const RESEAL_BATCH = 200;

/**
 * Seals agents' webhook secrets anew under the current PLATFORM_SIGNING_KEY, one bounded batch a call. When nothing is left
 * under an old key, that key can leave PLATFORM_SIGNING_KEYS_ACCEPTED, once the tasks and stored answers sealed with
 * it are gone too: tasks are at most 31 days old, and one whose seal does not open is signed from the agent's row.
 *
 * @param input.after the last agent of the batch before.
 */
export async function resealSecrets(
  op: Op,
  input: { after: string | null },
): Promise<{ resealed: number; next: string | null }> {
  const prefix = `s1.${op.sealer.keyId}.`;
  const agents = await lockAgentsSealedOtherwise(op.trx, prefix, input.after, RESEAL_BATCH);
  for (const agent of agents) await updateSealedSecrets(op.trx, reseal(op, agent));
  return { resealed: agents.length, next: agents.at(-1)?.agent_id ?? null };
}

function reseal(op: Op, agent: SealedSecrets): SealedSecrets {
  const context = secretContext(agent.agent_id);
  const anew = (sealed: string) => op.sealer.seal(op.sealer.open(sealed, context), context);
  return {
    agent_id: agent.agent_id,
    webhook_secret: anew(agent.webhook_secret),
    previous_webhook_secret:
      agent.previous_webhook_secret === null ? null : anew(agent.previous_webhook_secret),
  };
}
