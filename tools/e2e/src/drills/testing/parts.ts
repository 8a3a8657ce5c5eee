import { waitUntil } from '@agent-registry/servers';
import type { TestAgent, Town } from '../../testing/index.ts';

/** Upper bound of a recovery: the sweep comes within 15 s, a queue's backoff ends within a minute. */
const patienceMs = 90_000;

/** Waits for something that must come true. Throws, naming it, when it does not. */
export async function mustBecome(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await waitUntil(condition, { timeoutMs: patienceMs })))
    throw new Error(`not within ${patienceMs / 1_000} s: ${what}`);
}

export const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
};

/** What an agent has heard of a job. */
export const heard = (town: Town, agent: TestAgent, jobId: string): string[] =>
  town.arrivals
    .filter(({ to, webhook }) => to === agent && webhook.job_id === jobId)
    .map(({ webhook }) => webhook.event);
