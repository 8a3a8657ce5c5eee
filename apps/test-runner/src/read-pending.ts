import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Lets the event loop read what its pipes hold, which it polls between two turns. For a timer that fires late, when what it waits
 * for has arrived but was not read yet.
 */
export async function readPending(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
