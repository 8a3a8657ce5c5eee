// C2SP tlog-tiles: a tile has up to 256 hashes of one level, each the root of 256 hashes of the level below.
import { consistencyRanges, inclusionRanges, nodeHash, type Range, splitPoint } from './tree.ts';

export const TILE_WIDTH = 256;
/** Levels above the leaves that a log of safe integers can have: 256 ** 7 > 2 ** 53. */
export const LEVEL_MAX = 7;
const LEVEL_BITS = 8;

/** A tile, by its place; `width` is 256 unless the tile is partial. */
export interface TileAt {
  readonly level: number;
  readonly tile: number;
}

export interface Tile extends TileAt {
  readonly width: number;
}

/** How many hashes a level of a tree of `size` leaves has. */
export function levelSize(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How many hashes the tile has in a tree of `size` leaves: none to 256. */
export function tileWidth(size: number, { level, tile }: TileAt): number {
  return Math.max(0, Math.min(TILE_WIDTH, levelSize(size, level) - tile * TILE_WIDTH));
}

/** The tile's index and width as a path has them: `x001/234`, `x001/234.p/17`. */
export function tilePath({ tile, width }: Pick<Tile, 'tile' | 'width'>): string {
  const groups = [String(tile % 1_000).padStart(3, '0')];
  for (let rest = Math.floor(tile / 1_000); rest > 0; rest = Math.floor(rest / 1_000))
    groups.unshift(`x${String(rest % 1_000).padStart(3, '0')}`);
  return groups.join('/') + (width === TILE_WIDTH ? '' : `.p/${width}`);
}

const TILE_PATH = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Reads what `tilePath` writes, and nothing else: a tile has one path. */
export function readTilePath(path: string): Pick<Tile, 'tile' | 'width'> | null {
  const found = TILE_PATH.exec(path);
  if (found === null) return null;
  const read = { tile: Number(found[1]!.replaceAll(/[x/]/g, '')), width: Number(found[2] ?? TILE_WIDTH) };
  return Number.isSafeInteger(read.tile) && tilePath(read) === path ? read : null;
}

/** Entries as a bundle: each its length as two octets, big-endian, and the leaf. */
export function encodeEntries(leaves: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(leaf.length);
      return [length, leaf];
    }),
  );
}

/** The leaves of a bundle of entries. @throws RangeError where it ends within one. */
export function decodeEntries(bundle: Uint8Array): Buffer[] {
  const octets = Buffer.from(bundle);
  const leaves: Buffer[] = [];
  for (let at = 0; at < octets.length; ) {
    const end = at + 2 + octets.readUInt16BE(at);
    if (end > octets.length) throw new RangeError('the bundle ends within an entry');
    leaves.push(octets.subarray(at + 2, end));
    at = end;
  }
  return leaves;
}

/** Gives the hashes of a tile, as many as the tree has. */
export type TileReader = (at: TileAt) => readonly Uint8Array[];

/** Hashes of complete subtrees that were computed before, by their place: proofs of one tree have most of them in common. */
export type KnownHashes = Map<string, Uint8Array>;

/** The proof that a leaf is in a tree of `size` leaves, made of tiles. */
export function inclusionProof(
  index: number,
  size: number,
  tileOf: TileReader,
  known: KnownHashes = new Map(),
): Uint8Array[] {
  return inclusionRanges(index, [0, size]).map((range) => rangeHash(range, tileOf, known));
}

/** The proof that the tree of `size` leaves begins with the one of `from`, made of tiles. */
export function consistencyProof(from: number, size: number, tileOf: TileReader): Uint8Array[] {
  const known: KnownHashes = new Map();
  return consistencyRanges(from, size).map((range) => rangeHash(range, tileOf, known));
}

/** The tiles that an inclusion proof is made of. */
export function tilesOfInclusion(index: number, size: number): TileAt[] {
  const tiles = new Map<string, TileAt>();
  for (const range of inclusionRanges(index, [0, size]))
    for (const { level, start } of completeSubtrees(range)) {
      const at = { level, tile: Math.floor(start / TILE_WIDTH) };
      tiles.set(`${at.level} ${at.tile}`, at);
    }
  return [...tiles.values()];
}

function rangeHash(range: Range, tileOf: TileReader, known: KnownHashes): Uint8Array {
  const hashes = completeSubtrees(range).map((subtree) => completeHash(subtree, tileOf, known));
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

function completeHash({ level, start, count }: Subtree, tileOf: TileReader, known: KnownHashes): Uint8Array {
  if (count === 1) {
    const hash = tileOf({ level, tile: Math.floor(start / TILE_WIDTH) })[start % TILE_WIDTH];
    if (hash === undefined) throw new RangeError('a tile has fewer hashes than the tree');
    return hash;
  }
  const place = `${level} ${start} ${count}`;
  const before = known.get(place);
  if (before !== undefined) return before;
  const half = count / 2;
  const left = completeHash({ level, start, count: half }, tileOf, known);
  const hash = nodeHash(left, completeHash({ level, start: start + half, count: half }, tileOf, known));
  known.set(place, hash);
  return hash;
}

interface Subtree {
  readonly level: number;
  readonly start: number;
  readonly count: number;
}

/** A range of leaves as complete subtrees, each `count` hashes of a level from `start` on: 128 at most, so within one tile. */
function completeSubtrees([start, end]: Range): Subtree[] {
  const size = end - start;
  const height = Math.log2(size);
  if (!Number.isInteger(height)) {
    const middle = start + splitPoint(size);
    return [...completeSubtrees([start, middle]), ...completeSubtrees([middle, end])];
  }
  const level = Math.floor(height / LEVEL_BITS);
  return [{ level, start: start / TILE_WIDTH ** level, count: size / TILE_WIDTH ** level }];
}
