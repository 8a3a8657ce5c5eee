import {
  decodeEntries,
  decodeLeaf,
  isSame,
  type Leaf,
  leafHash,
  merkleTreeHash,
  openCheckpoint,
  readVkey,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '@agent-registry/log';

/** How long one answer of the registry is waited for. */
const TIMEOUT_MS = 30_000;
/** Tiles that are asked for at once. */
const TILES_AT_ONCE = 8;

export interface PublicLog {
  readonly origin: string;
  readonly size: number;
  readonly vkeys: readonly string[];
  readonly leaves: readonly Leaf[];
}

/**
 * Every leaf that a registry has published, in order: all of them are under the root that the log's keys signed.
 *
 * @param baseUrl of the registry, without a slash at its end.
 * @throws Error where an answer is none, a leaf is malformed, or the leaves lead to another root; NoteError for the checkpoint.
 */
export async function readLog(baseUrl: string): Promise<PublicLog> {
  const { origin, vkeys } = (await (await get(`${baseUrl}/log`)).json()) as Pick<
    PublicLog,
    'origin' | 'vkeys'
  >;
  const note = await (await get(`${baseUrl}/log/checkpoint`)).text();
  const { size, root } = openCheckpoint(note, origin, vkeys.map(readVkey));
  const entries: Buffer[] = [];
  const tiles = Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, tile) => tile);
  for (let at = 0; at < tiles.length; at += TILES_AT_ONCE) {
    const some = tiles.slice(at, at + TILES_AT_ONCE);
    entries.push(...(await Promise.all(some.map((tile) => readEntries(baseUrl, size, tile)))).flat());
  }
  if (!isSame(merkleTreeHash(entries.map(leafHash)), root))
    throw new Error('the entries lead to another root than the signed one');
  return { origin, size, vkeys, leaves: entries.map((entry) => decodeLeaf(entry.toString())) };
}

async function readEntries(baseUrl: string, size: number, tile: number): Promise<Buffer[]> {
  const width = tileWidth(size, { level: 0, tile });
  const answer = await get(`${baseUrl}/log/tile/entries/${tilePath({ tile, width })}`);
  const entries = decodeEntries(new Uint8Array(await answer.arrayBuffer()));
  if (entries.length !== width) throw new Error(`tile ${tile} has ${entries.length} entries, not ${width}`);
  return entries;
}

/** An answer of 200. */
export async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer;
}
