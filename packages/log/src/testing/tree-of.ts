import { createHash } from 'node:crypto';
import { leafHash, levelSize, merkleTreeHash, TILE_WIDTH, type TileReader, tileWidth } from '../index.ts';

/** Distinct leaves. */
export function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => createHash('sha256').update(`leaf ${index}`).digest());
}

/** Reads tiles of the tree of these leaves. */
export function tilesOf(leaves: readonly Uint8Array[]): TileReader {
  const levels: Uint8Array[][] = [leaves.map(leafHash)];
  for (let level = 1; levelSize(leaves.length, level) > 0; level += 1) {
    const below = levels[level - 1]!;
    levels.push(
      Array.from({ length: levelSize(leaves.length, level) }, (_, node) =>
        merkleTreeHash(below.slice(node * TILE_WIDTH, (node + 1) * TILE_WIDTH)),
      ),
    );
  }
  return ({ level, tile }) => {
    const start = tile * TILE_WIDTH;
    return levels[level]?.slice(start, start + tileWidth(leaves.length, { level, tile })) ?? [];
  };
}
