// RFC 6962 Merkle tree over SHA-256. A range [start, end) of leaves is what a node covers; sizes and indexes are safe integers.
import { createHash } from 'node:crypto';

/** The hash of nothing: the root of an empty tree. */
export const EMPTY_ROOT = createHash('sha256').digest();
export const HASH_BYTES = 32;

export type Range = readonly [start: number, end: number];

export function leafHash(leaf: Uint8Array): Buffer {
  return createHash('sha256').update('\x00').update(leaf).digest();
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update('\x01').update(left).update(right).digest();
}

/** The largest power of two below `size`, which is at least 2: where RFC 6962 splits. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The Merkle tree hash of leaf hashes, or of the hashes of equal complete subtrees. */
export function merkleTreeHash(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0]!;
  const split = splitPoint(hashes.length);
  return nodeHash(merkleTreeHash(hashes.slice(0, split)), merkleTreeHash(hashes.slice(split)));
}

/** The ranges whose hashes prove that a leaf is in a tree, from the leaf upward. */
export function inclusionRanges(index: number, [start, end]: Range): Range[] {
  const size = end - start;
  if (size === 1) return [];
  const middle = start + splitPoint(size);
  return index < middle
    ? [...inclusionRanges(index, [start, middle]), [middle, end]]
    : [...inclusionRanges(index, [middle, end]), [start, middle]];
}

/** The ranges whose hashes prove that the tree of `size` leaves begins with the one of `from`; none where they are equal. */
export function consistencyRanges(from: number, size: number): Range[] {
  return from === 0 || from === size ? [] : subproof(from, [0, size], true);
}

function subproof(from: number, [start, end]: Range, isWhole: boolean): Range[] {
  if (from === end) return isWhole ? [] : [[start, end]];
  const middle = start + splitPoint(end - start);
  return from <= middle
    ? [...subproof(from, [start, middle], isWhole), [middle, end]]
    : [...subproof(from, [middle, end], false), [start, middle]];
}

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); null where it does not fit the index and size. */
export function rootOfInclusion(
  leaf: Uint8Array,
  { index, size, proof }: { index: number; size: number; proof: readonly Uint8Array[] },
): Uint8Array | null {
  if (!isCount(index) || !isCount(size) || index >= size) return null;
  const ranges = inclusionRanges(index, [0, size]);
  if (ranges.length !== proof.length) return null;
  return proof.reduce(
    (hash, sibling, at) => (ranges[at]![0] > index ? nodeHash(hash, sibling) : nodeHash(sibling, hash)),
    leaf,
  );
}

/** Whether one tree continues another: the proof leads to both of their roots. */
export function isConsistent(
  old: { readonly size: number; readonly root: Uint8Array },
  tree: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!isCount(old.size) || !isCount(tree.size) || old.size > tree.size) return false;
  if (old.size === 0) return proof.length === 0;
  if (old.size === tree.size) return proof.length === 0 && isSame(old.root, tree.root);
  const ranges = consistencyRanges(old.size, tree.size);
  if (ranges.length !== proof.length) return false;
  const nodes = ranges.map((range, at) => ({ range, hash: proof[at]! }));
  // The proof leaves out a node that is the whole of the old tree.
  if (!nodes.some(({ range: [, end] }) => end === old.size))
    nodes.unshift({ range: [0, old.size], hash: old.root });
  const fold = (end: number) => foldNodes(nodes, [0, end]);
  const [before, after] = [fold(old.size), fold(tree.size)];
  return before !== null && after !== null && isSame(before, old.root) && isSame(after, tree.root);
}

/** The hash of a range made of the hashes of its parts; null where one is missing. */
function foldNodes(
  nodes: readonly { range: Range; hash: Uint8Array }[],
  [start, end]: Range,
): Uint8Array | null {
  const known = nodes.find(({ range }) => range[0] === start && range[1] === end);
  if (known !== undefined) return known.hash;
  if (end - start < 2 || !nodes.some(({ range }) => range[0] >= start && range[1] <= end)) return null;
  const middle = start + splitPoint(end - start);
  const left = foldNodes(nodes, [start, middle]);
  const right = foldNodes(nodes, [middle, end]);
  return left === null || right === null ? null : nodeHash(left, right);
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
