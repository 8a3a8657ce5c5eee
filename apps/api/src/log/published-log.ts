import {
  type Db,
  findPublishedCheckpoint,
  type LogCheckpointRow,
  listCosignatures,
  readLogHashes,
} from '@agent-registry/db';
import {
  formatProof,
  inclusionProof,
  type KnownHashes,
  TILE_WIDTH,
  type TileAt,
  tilesOfInclusion,
  tileWidth,
} from '@agent-registry/log';
import { RegistryError } from '@agent-registry/schemas';
import type { ApiContext } from '../context.ts';

/** A checkpoint that readers may see, with its signatures. */
export interface PublishedLog {
  readonly checkpoint: LogCheckpointRow;
  readonly size: number;
  readonly note: string;
}

/** The log as the api shows it. @throws RegistryError not_found where it shows none. */
export function shownLog(context: ApiContext) {
  const { transparencyLog } = context.config;
  if (transparencyLog === null) throw new RegistryError('not_found', 'This registry shows no log.');
  return transparencyLog;
}

/** The newest checkpoint that is published; null while there is none. */
export async function findPublished(db: Db): Promise<PublishedLog | null> {
  const checkpoint = await findPublishedCheckpoint(db);
  if (checkpoint === undefined) return null;
  const cosignatures = await listCosignatures(db, checkpoint.size);
  return {
    checkpoint,
    size: Number(checkpoint.size),
    note: checkpoint.note + cosignatures.map((line) => `${line}\n`).join(''),
  };
}

/** Proofs of leaves by their indexes, each below the published size; the tiles are read at once. */
export async function proveLeaves(
  db: Db,
  { size, note }: PublishedLog,
  indexes: readonly number[],
): Promise<Map<number, string>> {
  const tiles = new Map<string, TileAt>();
  for (const index of indexes) for (const at of tilesOfInclusion(index, size)) tiles.set(nameOf(at), at);
  const wanted = [...tiles.values()];
  const hashes = await readLogHashes(
    db,
    wanted.map((at) => rangeOf(at, tileWidth(size, at))),
  );
  const read = new Map(wanted.map((at, place) => [nameOf(at), hashes[place]!]));
  const tileOf = (at: TileAt) => read.get(nameOf(at)) ?? [];
  const known: KnownHashes = new Map();
  return new Map(
    indexes.map((index) => [index, formatProof(index, inclusionProof(index, size, tileOf, known), note)]),
  );
}

/** The places of a tile's hashes in its level. */
export function rangeOf({ level, tile }: TileAt, width: number) {
  const first = tile * TILE_WIDTH;
  return { level, first, end: first + width };
}

function nameOf({ level, tile }: TileAt): string {
  return `${level} ${tile}`;
}
