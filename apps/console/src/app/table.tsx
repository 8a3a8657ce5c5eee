import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Empty } from './ui.tsx';

/** Rows that come and go together as they near the window. */
const CHUNK_ROWS = 50;
/** Up to so many are simply all there. */
const PLAIN_ROWS = 200;
/** How far outside of the window rows still are. */
const MARGIN = '1200px 0px';

export type Column<T> = readonly [title: string, cell: (row: T) => ComponentChildren, kind?: 'number'];

interface TableProps<T> {
  readonly caption: string;
  /** What is said in the place of a table without rows. */
  readonly empty?: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly columns: readonly Column<T>[];
}

/**
 * A table that becomes a list of cards where there is no room for its columns. Of a long one only the rows near the window are in
 * the page; blank space stands for the others.
 */
export function Table<T>({ caption, empty, rows, keyOf, columns }: TableProps<T>): JSX.Element {
  const [rowPx, setRowPx] = useState(0);
  if (rows.length === 0 && empty !== undefined) return <Empty>{empty}</Empty>;
  const isLong = rows.length > PLAIN_ROWS;
  const size = isLong ? CHUNK_ROWS : Math.max(1, rows.length);
  const starts = Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => index * size);
  return (
    <table class="cards" aria-rowcount={isLong ? rows.length + 1 : undefined}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(([title, , kind]) => (
            <th key={title} scope="col" class={kind}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      {starts.map((start) => {
        const chunk = { rows: rows.slice(start, start + size), start, keyOf, columns };
        return isLong ? (
          <FarChunk key={start} {...chunk} rowPx={rowPx} onFirst={setRowPx} />
        ) : (
          <Rows key={start} {...chunk} />
        );
      })}
    </table>
  );
}

interface ChunkProps<T> extends Omit<TableProps<T>, 'caption' | 'empty'> {
  readonly start: number;
}

function Rows<T>({ rows, keyOf, columns }: ChunkProps<T>): JSX.Element {
  return <tbody>{rowsOf({ rows, keyOf, columns })}</tbody>;
}

function rowsOf<T>({ rows, keyOf, columns }: Omit<ChunkProps<T>, 'start'>, start?: number): JSX.Element[] {
  return rows.map((row, index) => (
    <tr key={keyOf(row)} aria-rowindex={start === undefined ? undefined : start + index + 2}>
      {columns.map(([title, cell, kind]) => (
        <td key={title} class={kind} data-title={title}>
          {cell(row)}
        </td>
      ))}
    </tr>
  ));
}

interface FarChunkProps<T> extends ChunkProps<T> {
  /** What a row takes until its own chunk has been measured, so that a scroll up does not move what it comes to. */
  readonly rowPx: number;
  readonly onFirst: (rowPx: number) => void;
}

/** Rows that are there while they are near the window, or have the focus; else as much blank space as they last took. */
function FarChunk<T>({ start, rowPx, onFirst, ...chunk }: FarChunkProps<T>): JSX.Element {
  const [isNear, setNear] = useState(start === 0);
  const height = useRef<number | undefined>(undefined);
  const body = useRef<HTMLTableSectionElement>(null);
  useLayoutEffect(() => {
    if (start === 0) onFirst(body.current!.getBoundingClientRect().height / chunk.rows.length);
  }, []);
  useEffect(() => {
    const element = body.current!;
    const watch = new IntersectionObserver(
      (entries) => {
        // Where the browser was busy it tells several changes at once, the newest last.
        const entry = entries.at(-1);
        if (entry === undefined || (!entry.isIntersecting && element.contains(document.activeElement)))
          return;
        if (!entry.isIntersecting && element.childElementCount > 1)
          height.current = element.getBoundingClientRect().height;
        setNear(entry.isIntersecting);
      },
      { rootMargin: MARGIN },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return (
    <tbody ref={body}>
      {isNear ? (
        rowsOf(chunk, start)
      ) : (
        <tr>
          <td
            colSpan={chunk.columns.length}
            style={{ height: `${height.current ?? chunk.rows.length * rowPx}px` }}
          />
        </tr>
      )}
    </tbody>
  );
}
