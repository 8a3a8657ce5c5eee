import { useEffect, useState } from 'preact/hooks';
import { useSession } from './session.ts';

export type Loaded<T> =
  | { readonly state: 'loading'; readonly value: T | null }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

/** What was read, how to read it again, and how to put in its place what is known by other means. */
export type Loading<T> = Loaded<T> & { readonly again: () => void; readonly put: (value: T) => void };

/**
 * Reads something when a page opens, when `key` changes, and again when there is news or `again` is called. What was there stays
 * until the new is.
 */
export function useLoad<T>(key: string, read: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const { news } = useSession();
  const [turn, setTurn] = useState(0);
  const [loaded, setLoaded] = useState<{ key: string; loaded: Loaded<T> }>({
    key,
    loaded: { state: 'loading', value: null },
  });
  const put = (value: T): void => setLoaded({ key, loaded: { state: 'ready', value } });
  useEffect(() => {
    const ending = new AbortController();
    read(ending.signal).then(
      (value) => !ending.signal.aborted && put(value),
      (error: unknown) => !ending.signal.aborted && setLoaded({ key, loaded: { state: 'failed', error } }),
    );
    return () => ending.abort();
  }, [key, news, turn]);
  const before = loaded.loaded.state === 'failed' ? null : loaded.loaded.value;
  const current: Loaded<T> = loaded.key === key ? loaded.loaded : { state: 'loading', value: before };
  return { ...current, put, again: () => setTurn((before) => before + 1) };
}
