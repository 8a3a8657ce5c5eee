import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type CallOptions, getPage } from './api.ts';
import { useAction } from './form.tsx';
import { type Loaded, useLoad } from './load.ts';
import { type Listed, mergeList } from './merge-list.ts';
import { type Column, Table } from './table.tsx';
import { Failure, Show } from './ui.tsx';

/** Pages that "Show more" reads: each is a request, of which an agent has so many a minute. */
const PAGES_MORE = 5;
export const PAGE_ITEMS = 100;

export type List<T> = Loaded<Listed<T>> & {
  readonly again: () => void;
  readonly keyOf: (item: T) => string;
  /** Reads what follows; null where nothing does. */
  readonly more: (() => Promise<void>) | null;
};

interface ListOptions<T> {
  readonly path: string;
  readonly query?: CallOptions['query'];
  readonly as?: CallOptions['as'];
  readonly keyOf: (item: T) => string;
  readonly pagesAtFirst?: number;
}

async function readPages<T>(
  { path, query, ...options }: ListOptions<T>,
  { cursor, pages }: { cursor: string | null; pages: number },
  signal?: AbortSignal,
): Promise<Listed<T>> {
  const items: T[] = [];
  let next = cursor;
  let total = 0;
  for (let page = 0; page < pages && (page === 0 || next !== null); page += 1) {
    const found = await getPage<T>(path, {
      as: options.as,
      query: { limit: PAGE_ITEMS, ...query, cursor: next },
      signal,
    });
    items.push(...found.items);
    total = found.total;
    next = found.next_cursor;
  }
  return { items, total, next };
}

/** A list, page by page. News reads its beginning anew, and keeps what follows. */
export function useList<T>(options: ListOptions<T>): List<T> {
  const { path, query = {}, keyOf, pagesAtFirst = 1 } = options;
  const key = `${path} ${JSON.stringify(query)}`;
  const kept = useRef<{ key: string; listed: Listed<T> } | null>(null);
  const loaded = useLoad(key, async (signal) => {
    const fresh = await readPages(options, { cursor: null, pages: pagesAtFirst }, signal);
    const before = kept.current?.key === key ? kept.current.listed : null;
    const listed = before === null ? fresh : mergeList(before, fresh, keyOf);
    if (!signal.aborted) kept.current = { key, listed };
    return listed;
  });
  const shown = loaded.state === 'ready' ? loaded.value : null;
  const more = async (): Promise<void> => {
    if (shown === null) return;
    const { items, next } = await readPages(options, { cursor: shown.next, pages: PAGES_MORE });
    const listed = { ...shown, items: [...shown.items, ...items], next };
    kept.current = { key, listed };
    loaded.put(listed);
  };
  return { ...loaded, keyOf, more: shown?.next == null ? null : more };
}

/** What has been read of a list so far. */
export const itemsOf = <T,>(list: List<T>): readonly T[] =>
  list.state === 'failed' ? [] : (list.value?.items ?? []);

/** The end of a list: how much of it is shown, and a button for more where there is more. */
export function More<T>({ list }: { readonly list: List<T> }): JSX.Element | null {
  const action = useAction();
  const { more } = list;
  if (more === null || list.state === 'failed' || list.value === null) return null;
  return (
    <>
      {action.error !== null && <Failure error={action.error} />}
      <p class="actions">
        <button type="button" disabled={action.isBusy} onClick={() => action.run(more)}>
          {action.isBusy ? 'Reading…' : 'Show more'}
        </button>
        <span class="soft">{list.value.items.length.toLocaleString()} are shown</span>
      </p>
    </>
  );
}

interface ListTableProps<T> {
  readonly list: List<T>;
  readonly caption: (total: number) => string;
  readonly empty: string;
  readonly columns: readonly Column<T>[];
}

/** A list as a table, with what to do about its end. */
export function ListTable<T>({ list, caption, ...rest }: ListTableProps<T>): JSX.Element {
  return (
    <>
      <Show of={list}>
        {({ items, total }) => <Table caption={caption(total)} rows={items} keyOf={list.keyOf} {...rest} />}
      </Show>
      <More list={list} />
    </>
  );
}
