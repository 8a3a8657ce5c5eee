import { setTimeout as delay } from 'node:timers/promises';
import { killEach } from '../watch/kill.ts';
import type { Group } from './cgroup.ts';

const retryMs = 5;
const maxTries = 200;

/**
 * Removes a sandbox's group once the kernel has let its last process go, which takes a moment after its death.
 * Whatever is still in it is killed. Gives up after a second: the next runner's boot removes what is left.
 */
export async function removeGroupOf(group: Group): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    if (group.remove()) {
      return;
    }
    killEach(() => group.members());
    await delay(retryMs);
  }
}
