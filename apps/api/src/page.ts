import type { KeysetPage, KeysetPosition } from '@agent-registry/db';
import { fieldRefusal, type PageRequest, TOTAL_COUNT_MAX, UUID } from '@agent-registry/schemas';

const MILLISECONDS = /^(?:0|[1-9][0-9]{0,13})$/;

/** What a list answers. */
export interface Page<T> {
  readonly items: T[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly next_cursor: string | null;
}

/** A cursor: which list it belongs to and where in it, in base64url. Opaque to clients, checked to the letter. */
export function writeCursor(list: string, parts: readonly string[]): string {
  return Buffer.from([list, ...parts].join(' ')).toString('base64url');
}

/**
 * Reads a cursor of this list, each of its parts by its shape.
 *
 * @throws RegistryError validation_failed for anything that `writeCursor` did not write.
 */
export function readCursor(list: string, shapes: readonly RegExp[], cursor: string): string[] {
  const [name, ...parts] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const isOurs =
    name === list &&
    parts.length === shapes.length &&
    parts.every((part, index) => shapes[index]!.test(part)) &&
    writeCursor(list, parts) === cursor;
  if (!isOurs) throw fieldRefusal('cursor', 'must be a next_cursor of this list');
  return parts;
}

/** Rows of a list that may have been cut short of the limit because they are large. */
interface Cut<Row> {
  readonly rows: readonly Row[];
  readonly cut: boolean;
}

/** Bytes of items that an answer holds, unless the first alone is larger: with what is around them it is under 8 MiB. */
const ITEMS_BYTES_MAX = 8_000_000;

/** As many of these items as fit into one answer. */
export function cutLarge<Item>(items: readonly Item[]): Cut<Item> {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return index > 0 && bytes > ITEMS_BYTES_MAX;
  });
  return end < 0 ? { rows: items, cut: false } : { rows: items.slice(0, end), cut: true };
}

interface KeysetList<Row, Item> {
  /** Names the list in its cursors. */
  readonly name: string;
  readonly request: PageRequest;
  readonly rows: (page: KeysetPage) => Promise<readonly Row[] | Cut<Row>>;
  /** Null where nobody is told the total. */
  readonly count: ((limit: number) => Promise<number>) | null;
  readonly position: (row: Row) => KeysetPosition;
  readonly present: (rows: readonly Row[]) => Item[] | Promise<Item[]>;
}

/** A page of a list that is ordered by a time and an id. */
export async function keysetPage<Row, Item>(list: KeysetList<Row, Item>): Promise<Page<Item>> {
  const { request } = list;
  const after = request.cursor === undefined ? null : readPosition(list.name, request.cursor);
  const offset = after === null ? request.offset : 0;
  const [answer, total] = await Promise.all([
    list.rows({ limit: request.limit + 1, offset, after }),
    list.count === null ? 0 : list.count(TOTAL_COUNT_MAX),
  ]);
  const { rows: found, cut } = 'cut' in answer ? answer : { rows: answer, cut: false };
  const shown = showPage(found, { limit: request.limit, offset, total, cut }, (row) => {
    const { at, id } = list.position(row);
    return writeCursor(list.name, [String(at.getTime()), id]);
  });
  return { ...shown, items: await list.present(shown.items) };
}

/** A page of rows, of which one more was read than it shows: that row tells whether another page follows. */
export function showPage<Row>(
  found: readonly Row[],
  {
    total,
    limit,
    offset,
    cut = false,
  }: Pick<Page<Row>, 'limit' | 'offset' | 'total'> & { readonly cut?: boolean },
  cursorAfter: (row: Row) => string,
): Page<Row> {
  const items = found.slice(0, limit);
  const last = cut || found.length > limit ? items.at(-1) : undefined;
  return { items, total, limit, offset, next_cursor: last === undefined ? null : cursorAfter(last) };
}

function readPosition(list: string, cursor: string): KeysetPosition {
  const [milliseconds, id] = readCursor(list, [MILLISECONDS, UUID], cursor);
  const at = new Date(Number(milliseconds));
  if (Number.isNaN(at.getTime())) throw fieldRefusal('cursor', 'must be a next_cursor of this list');
  return { at, id: id! };
}

/** The Link header that takes the place of `next_cursor` where the body is a bare array. */
export function linkToNext(
  base: string,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  next: string | null,
): Record<string, string> {
  if (next === null) return {};
  const wanted = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: next })) {
    if (value !== undefined) wanted.set(name, String(value));
  }
  return { Link: `<${base}/v1${path}?${wanted.toString()}>; rel="next"` };
}
