import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 5;
const giveUpMs = 20_000;

/** Resolves once `holds` does. Rejects, naming `what`, when that takes far too long. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += pollMs) {
    if (waited > giveUpMs) {
      throw new Error(`waited in vain until ${what}`);
    }
    await delay(pollMs);
  }
}
