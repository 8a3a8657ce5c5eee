// Pages of a list: the token is the key of the last item shown, so that changes between pages lose nothing else.
import { invalidArgument } from './grpc-error.ts';

export interface PageRequest {
  readonly pageSize?: number | null;
  readonly pageToken?: string | null;
}

/** The page after the request's token, from items sorted by an ascending key. */
export const pageOf = <T>(
  items: Iterable<T>,
  key: (item: T) => string | number,
  request: PageRequest,
  maxSize: number,
): { items: T[]; nextPageToken: string } => {
  const size = request.pageSize || maxSize;
  if (size < 0) throw invalidArgument('pageSize must not be negative');
  const after = request.pageToken ? decode(request.pageToken) : null;
  const page: T[] = [];
  for (const item of items) {
    if (after !== null && !(key(item) > after)) continue;
    const last = page.at(-1);
    if (page.length === Math.min(size, maxSize) && last !== undefined) {
      return { items: page, nextPageToken: Buffer.from(JSON.stringify(key(last))).toString('base64url') };
    }
    page.push(item);
  }
  return { items: page, nextPageToken: '' };
};

const decode = (token: string): string | number => {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof key === 'string' || typeof key === 'number') return key;
  } catch {
    // Falls through to the refusal below.
  }
  throw invalidArgument('pageToken is not one this list gave out');
};
