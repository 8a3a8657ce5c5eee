import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Lets the event loop read what its pipes hold: between two of its turns lies a look at all of them. For a timer that
 * may ring late, when what it waited for has come and was only not read yet.
 */
export async function readPending(): Promise<void> {
  await nextTurn();
  await nextTurn();
}
