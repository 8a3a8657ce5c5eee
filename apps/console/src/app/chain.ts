import type { NegotiationEntry } from '@agent-registry/client';
import { canonical, sha256Hex } from './canonical.ts';

/** Of the entry as it is shown, what its hash does not cover. */
const OUTSIDE = ['action', 'proposer', 'timestamp', 'previous_hash', 'hash'];

/**
 * Recomputes the hash of every step of a job's log, each over the step and the hash before it.
 *
 * @returns for each step whether it holds; a step after one that does not is told by its own hash.
 */
export async function verifyChain(jobId: string, log: readonly NegotiationEntry[]): Promise<boolean[]> {
  let previous: string | null = null;
  const held: boolean[] = [];
  for (const [index, entry] of log.entries()) {
    const covered = Object.fromEntries(Object.entries(entry).filter(([name]) => !OUTSIDE.includes(name)));
    const hash = await sha256Hex(canonical({ previous, entry: { ...covered, job_id: jobId } }));
    held.push(entry.seq === index + 1 && entry.previous_hash === previous && entry.hash === hash);
    previous = entry.hash;
  }
  return held;
}
