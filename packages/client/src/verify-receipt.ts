import { decodeLeaf, type Leaf, NoteError, opens, readVkey, verifyProof } from '@agent-registry/log';
import type { JobReceipt } from './api.generated.ts';

/** The log that a receipt must be of: what its verifier knows of it, and not what the receipt says. */
export interface TrustedLog {
  readonly origin: string;
  readonly vkeys: readonly string[];
}

/** The log that verifier keys are of: keys are named after their log. @throws TypeError for none, a malformed one, or keys of two logs. */
export function trustKeys(vkeys: readonly string[]): TrustedLog {
  try {
    const [origin, ...others] = new Set(vkeys.map((vkey) => readVkey(vkey).name));
    if (origin !== undefined && others.length === 0) return { origin, vkeys };
  } catch (error) {
    throw error instanceof NoteError ? new TypeError(error.message, { cause: error }) : error;
  }
  throw new TypeError(
    vkeys.length === 0 ? 'no verifier key is given' : 'the verifier keys are of several logs',
  );
}

/** What a leaf says publicly: its kind says which further fields it has. */
export interface ReceiptLeaf {
  readonly v: 1;
  readonly kind: string;
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  readonly [field: string]: unknown;
}

/** A leaf that is in the log, and what it was shown to commit to. */
export interface VerifiedItem {
  readonly leaf: ReceiptLeaf;
  /** Its place in the log; null while it is not published, so that nothing is proved of it yet. */
  readonly index: number | null;
  /** The size of the log whose checkpoint proves it. */
  readonly size: number | null;
  readonly openings: readonly { readonly part: 'both' | 'seller'; readonly opening: unknown }[];
}

/** What about a receipt does not hold. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
}

/**
 * Verifies a job's receipt offline: every leaf is in the log that these keys sign, every opening is what its leaf commits to, and all
 * of it is of one job.
 *
 * @throws ReceiptError naming the item and what does not hold.
 */
export function verifyReceipt(receipt: JobReceipt, log: TrustedLog): VerifiedItem[] {
  const trusted = { origin: log.origin, verifiers: log.vkeys.map(readVkey) };
  return receipt.items.map((item, at) => {
    const refuse = (what: string, cause?: unknown): never => {
      throw new ReceiptError(`item ${at + 1} (${item.kind}): ${what}`, { cause });
    };
    try {
      const leaf = decodeLeaf(item.leaf);
      if (leaf.kind !== item.kind) return refuse(`the leaf is of kind ${leaf.kind}`);
      for (const opening of item.openings) {
        const { part, salt } = opening;
        if (!opens(leaf, { part, salt, opening: opening.opening }))
          return refuse(`the leaf does not commit to the opening for ${part}`);
      }
      const openings = item.openings.map(({ part, opening }) => ({ part, opening }));
      const jobs = jobsOf(leaf, openings);
      if (jobs.length === 0) return refuse('nothing in it says which job it is about');
      for (const named of jobs)
        if (named !== receipt.job_id) return refuse(`it is about job ${String(named)}`);
      const shown: ReceiptLeaf = { ...leaf };
      if (item.proof === null) return { leaf: shown, index: null, size: null, openings };
      const { index, checkpoint } = verifyProof(Buffer.from(item.leaf), item.proof, trusted);
      return { leaf: shown, index, size: checkpoint.size, openings };
    } catch (error) {
      if (error instanceof NoteError || error instanceof TypeError || error instanceof SyntaxError)
        return refuse(error.message, error);
      throw error;
    }
  });
}

/** The jobs that a leaf and its openings name. */
function jobsOf(leaf: Leaf, openings: VerifiedItem['openings']): unknown[] {
  const named = openings.map(({ opening }) => (opening as { job_id?: unknown } | null)?.job_id);
  return [...named, (leaf as { job?: unknown }).job].filter((job) => job !== undefined);
}
