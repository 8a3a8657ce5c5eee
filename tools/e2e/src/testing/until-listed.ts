import { setTimeout as delay } from 'node:timers/promises';

/** Resolves once a listing of the skill can be found. */
export async function untilListed(apiUrl: string, skillId: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${apiUrl}/v1/discover?skill_id=${skillId}`);
    if (((await response.json()) as { total: number }).total > 0) return;
    await delay(100);
  }
}
