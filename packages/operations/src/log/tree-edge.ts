import { readLogHashes, type Tx } from '@agent-registry/db';
import { EMPTY_ROOT, LEVEL_MAX, levelSize, merkleTreeHash, TILE_WIDTH } from '@agent-registry/log';
import { invariant } from '../op.ts';

/** The right edge of a tree: of each level how many hashes it has, and those of its last tile where that is not full. */
export interface Level {
  size: number;
  partial: Uint8Array[];
}

/** A tree without leaves. */
export function newTree(): Level[] {
  return Array.from({ length: LEVEL_MAX + 1 }, () => ({ size: 0, partial: [] }));
}

export async function readEdge(trx: Tx, size: number): Promise<Level[]> {
  const sizes = Array.from({ length: LEVEL_MAX + 1 }, (_, level) => levelSize(size, level));
  const ranges = sizes.map((end, level) => ({ level, first: end - (end % TILE_WIDTH), end }));
  const hashes = await readLogHashes(trx, ranges);
  return sizes.map((levelHas, level) => {
    invariant(hashes[level]!.length === levelHas % TILE_WIDTH, `level ${level} of the tree is whole`);
    return { size: levelHas, partial: hashes[level]! };
  });
}

/** Adds a hash to a level, and to the levels above what it completes. Returns the nodes that are new. */
export function appendHash(tree: readonly Level[], hash: Uint8Array, level = 0) {
  const at = tree[level];
  invariant(at !== undefined, 'a log has eight levels');
  const node = { level, node: at.size, hash };
  at.size += 1;
  at.partial.push(hash);
  const added: (typeof node)[] = level === 0 ? [] : [node];
  if (at.partial.length < TILE_WIDTH) return added;
  const above = merkleTreeHash(at.partial);
  at.partial = [];
  added.push(...appendHash(tree, above, level + 1));
  return added;
}

/** The root, of the partial tiles alone: whatever is left of them is in the level above. */
export function rootOf(tree: readonly Level[]): Uint8Array {
  let right: Uint8Array | null = null;
  for (const { partial } of tree) {
    const hashes: Uint8Array[] = right === null ? partial : [...partial, right];
    right = hashes.length === 0 ? null : merkleTreeHash(hashes);
  }
  return right ?? EMPTY_ROOT;
}
