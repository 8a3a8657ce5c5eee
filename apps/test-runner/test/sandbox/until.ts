import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 5;
const giveUpMs = 20_000;

/** Resolves once `holds` does. Rejects, naming `what`, when that takes longer than `withinMs`, by default far too long. */
export async function until(what: string, holds: () => boolean, withinMs = giveUpMs): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    if (performance.now() - startedAt > withinMs) {
      throw new Error(`waited in vain until ${what}`);
    }
    await delay(pollMs);
  }
}
