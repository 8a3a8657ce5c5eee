import type { AgentCalls, OperatorCalls } from './api.generated.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { CallOptions, Connection } from './connection.ts';
import type { Credentials } from './send-request.ts';

type Calls = AgentCalls<CallOptions> & OperatorCalls<CallOptions>;
type Page = { readonly items: readonly unknown[]; readonly next_cursor: string | null } | readonly unknown[];

/** The endpoints that answer a page. */
export type ListId = {
  [Id in keyof Calls]: Awaited<ReturnType<Calls[Id]>> extends Page ? Id : never;
}[keyof Calls];
export type ListInput<Id extends ListId> = Omit<NonNullable<Parameters<Calls[Id]>[0]>, 'offset'>;
type PageOf<Id extends ListId> = Awaited<ReturnType<Calls[Id]>>;
export type ListItem<Id extends ListId> =
  PageOf<Id> extends { readonly items: readonly (infer Item)[] }
    ? Item
    : PageOf<Id> extends readonly (infer Item)[]
      ? Item
      : never;

const PAGE_ITEMS = 100;

/** Every item of a list; a page is asked for when the one before is used up. */
export async function* iteratePages<Id extends ListId>(
  connection: Connection,
  credentials: Credentials | null,
  id: Id,
  input: object = {},
  options: CallOptions = {},
): AsyncGenerator<ListItem<Id>, void> {
  let cursor: string | null | undefined;
  do {
    const asked = { limit: PAGE_ITEMS, ...input, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await callEndpoint(connection, credentials, id, asked, options);
    const page = answer.value as Page;
    const isArray = Array.isArray(page);
    yield* (isArray ? page : (page as Exclude<Page, readonly unknown[]>).items) as ListItem<Id>[];
    cursor = isArray
      ? cursorOf(answer.headers.get('link'))
      : (page as { next_cursor: string | null }).next_cursor;
  } while (cursor !== null);
}

/** The cursor of the next page, from the `Link` of a list that is a bare array. */
function cursorOf(link: string | null): string | null {
  const next = /<([^>]*)>\s*;\s*rel="next"/.exec(link ?? '')?.[1];
  return next === undefined ? null : new URL(next, 'http://registry').searchParams.get('cursor');
}
