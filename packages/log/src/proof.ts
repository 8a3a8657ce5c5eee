// C2SP tlog-proof@v1: a leaf's index, its inclusion proof, and the checkpoint that it leads to, as one text.
import { type Checkpoint, decodeBase64, NoteError, openCheckpoint, type Verifier } from './note.ts';
import { HASH_BYTES, isSame, leafHash, rootOfInclusion } from './tree.ts';

const HEADER = 'c2sp.org/tlog-proof@v1\n';
const PROOF =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra [A-Za-z0-9+/=]+\n)?index (0|[1-9]\d{0,15})\n((?:[A-Za-z0-9+/=]+\n)*)\n/;
/** Hashes that a proof of a tree of 2 ** 53 leaves can have. */
const HASHES_MAX = 63;

export function formatProof(index: number, hashes: readonly Uint8Array[], checkpoint: string): string {
  const lines = hashes.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `${HEADER}index ${index}\n${lines.join('')}\n${checkpoint}`;
}

export function readProof(text: string): { index: number; hashes: Buffer[]; checkpoint: string } {
  const found = PROOF.exec(text);
  if (found === null) throw new NoteError('this is no c2sp.org/tlog-proof@v1');
  const hashes = found[2]!.split('\n').slice(0, -1).map(decodeBase64);
  if (hashes.length > HASHES_MAX) throw new NoteError('the proof has too many hashes');
  if (!hashes.every((hash) => hash?.length === HASH_BYTES))
    throw new NoteError('a hash of the proof is malformed');
  return { index: Number(found[1]), hashes: hashes as Buffer[], checkpoint: text.slice(found[0].length) };
}

/**
 * Checks that a leaf is in the log, by its proof and the log's keys alone.
 *
 * @returns the checkpoint that the proof leads to, and the leaf's index.
 * @throws NoteError saying what does not hold.
 */
export function verifyProof(
  leaf: Uint8Array,
  text: string,
  log: { readonly origin: string; readonly verifiers: readonly Verifier[] },
): { checkpoint: Checkpoint; index: number } {
  const { index, hashes, checkpoint: note } = readProof(text);
  const checkpoint = openCheckpoint(note, log.origin, log.verifiers);
  const root = rootOfInclusion(leafHash(leaf), { index, size: checkpoint.size, proof: hashes });
  if (root === null) throw new NoteError('the proof does not fit the checkpoint’s size');
  if (!isSame(root, checkpoint.root))
    throw new NoteError('the proof leads to another root than the checkpoint’s');
  return { checkpoint, index };
}
