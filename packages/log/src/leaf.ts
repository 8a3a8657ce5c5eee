import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { canonicalJson, timingSafeEqualText } from '@agent-registry/signing';

export const LEAF_BYTES_MAX = 2_048;
export const SALT_BYTES = 32;
const COMMIT_HEADER = 'agent-registry/commit/v1\n';

/** The public members of each kind of leaf, beside `v`, `kind`, `id` and `time`. Hashes are hex; amounts decimal strings. */
export interface LeafFields {
  /** `follows`: the last checkpoint of the log before this one, where that log could not go on. */
  genesis: { origin: string; follows: { origin: string; size: number; root: string } | null };
  /** What scores are computed by. */
  policy: { full_fees: string; counterparties: number; fee_rate_ppm: number };
  key: {
    agent: string;
    key: string;
    previous: string | null;
    reason: 'registered' | 'proven' | 'rotated' | 'replaced';
  };
  terms: { commit: string };
  /** What the job's escrow and bond held when it was funded. */
  escrow_held: { commit: string };
  verdict: { commit: string; commit_seller: string };
  settlement: {
    job: string;
    fee_floor: string;
    stake_floor: string;
    fault: 'client' | 'seller' | null;
    commit: string;
    /** Of what was delivered. Leaves of older code have none. */
    commit_seller?: string;
  };
  review: {
    job: string;
    review_id: string;
    reviewer: string;
    reviewee: string;
    role: 'client_reviewing_seller' | 'seller_reviewing_client';
    rating: number;
    commit: string;
  };
  /** Sums of the ledger's accounts by kind. They add to zero. */
  totals: { agent: string; escrow: string; bond: string; fees: string; mint: string };
  /**
   * A runner found faulty. `verdicts` is how many it had given by then, `turned` how many of them another runner has contradicted so
   * far. A leaf about one that turned, or was compensated by the deposit of that reference, commits to which.
   */
  recall: {
    runner_digest: string;
    reason: string;
    verdicts: number;
    turned: number;
    reference: string | null;
    commit?: string;
  };
  log_key: { vkey: string; state: 'added' | 'dropped' };
  restored: { from: number; to: number; backup_time: string };
}

export type LeafKind = keyof LeafFields;

interface LeafHead<Kind extends LeafKind> {
  readonly v: 1;
  readonly kind: Kind;
  readonly id: string;
  readonly time: string;
  /** Of what happened before the log began. */
  readonly backfilled?: true;
}

export type LeafOf<Kind extends LeafKind> = LeafHead<Kind> & Readonly<LeafFields[Kind]>;
export type Leaf = { [Kind in LeafKind]: LeafOf<Kind> }[LeafKind];

/** A leaf's bytes: RFC 8785. @throws RangeError where it is larger than a leaf may be. */
export function encodeLeaf(leaf: Leaf): Buffer {
  const bytes = Buffer.from(canonicalJson(leaf));
  if (bytes.length > LEAF_BYTES_MAX) throw new RangeError(`a leaf has at most ${LEAF_BYTES_MAX} bytes`);
  return bytes;
}

/** Reads a leaf's text. @throws TypeError for what is not canonical or not of this version. */
export function decodeLeaf(text: string): Leaf {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || canonicalJson(value) !== text)
    throw new TypeError('the leaf is not canonical JSON');
  const { v, kind, id, time } = value as Record<string, unknown>;
  if (v !== 1 || typeof kind !== 'string' || typeof id !== 'string' || typeof time !== 'string')
    throw new TypeError('this is no leaf of version 1');
  return value as Leaf;
}

/** Who an opening is for: both parties, or the seller (the client too, where it may see the result). */
export type Part = 'both' | 'seller';

/** The salt of one commitment of a job's leaf: from it nobody learns that of another. */
export function saltOf(jobSalt: Uint8Array, leafId: string, part: Part): Buffer {
  return createHmac('sha256', createSecretKey(jobSalt)).update(`${leafId}:${part}`).digest();
}

/** The commitment to an opening, a JSON value: hex. */
export function commitTo(salt: Uint8Array, opening: unknown): string {
  return createHash('sha256').update(COMMIT_HEADER).update(salt).update(canonicalJson(opening)).digest('hex');
}

/** Whether a leaf commits to an opening under a salt in hex. */
export function opens(
  leaf: Leaf,
  { part, salt, opening }: { part: Part; salt: string; opening: unknown },
): boolean {
  const name = part === 'both' ? 'commit' : 'commit_seller';
  const commitment = (leaf as unknown as Readonly<Record<string, unknown>>)[name];
  if (typeof commitment !== 'string' || !/^[0-9a-f]{64}$/.test(salt)) return false;
  return timingSafeEqualText(commitment, commitTo(Buffer.from(salt, 'hex'), opening));
}
