import type { Reply } from './call.ts';

const PAGES_MAX = 200;
const NEXT = /<https:\/\/[^/>]+(\/[^>]+)>; rel="next"/;

/** A list's pages to the last: each page names the next by a cursor, or by a link where it is a bare array. */
export async function readPages(get: (path: string) => Promise<Reply>, path: string): Promise<Reply[]> {
  const pages: Reply[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    if (pages.length >= PAGES_MAX) throw new Error(`${path} has no last page`);
    const page = await get(next);
    pages.push(page);
    next = pathOfNext(path, page);
  }
  return pages;
}

function pathOfNext(path: string, { headers, body }: Reply): string | undefined {
  if (Array.isArray(body)) return NEXT.exec(headers.get('link') ?? '')?.[1];
  const { next_cursor: cursor } = body;
  return cursor === null ? undefined : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;
}

/** The items of these pages, in their order. */
export function itemsOf(pages: readonly Reply[]): Reply['body'][] {
  return pages.flatMap(({ body }) => (Array.isArray(body) ? body : body.items));
}
