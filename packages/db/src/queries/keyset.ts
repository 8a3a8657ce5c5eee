import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';

/** The last row of the page before: its time and its id. */
export interface KeysetPosition {
  readonly at: Date;
  readonly id: string;
}

/** Which part of a list is wanted. A position costs the same at any depth; an offset counts from the list's start. */
export interface KeysetPage {
  readonly limit: number;
  readonly offset: number;
  readonly after: KeysetPosition | null;
}

/** Rows past a position in a list ordered by a time and an id. */
export function past(
  order: 'asc' | 'desc',
  time: string,
  id: string,
  after: KeysetPosition | null,
): Expression<SqlBool> {
  if (after === null) return sql<SqlBool>`true`;
  const comparison = sql.raw(order === 'asc' ? '>' : '<');
  return sql<SqlBool>`(${sql.ref(time)}, ${sql.ref(id)}) ${comparison} (${after.at}::timestamptz, ${after.id}::uuid)`;
}

/** How many rows of a page to skip: a position has skipped them already. */
export function skipped(page: KeysetPage): number {
  return page.after === null ? page.offset : 0;
}

/** One page of a list that is ordered by a time and an id: for `$call`. */
export function paged(order: 'asc' | 'desc', time: string, id: string, page: KeysetPage) {
  return <DB, TB extends keyof DB, O>(query: SelectQueryBuilder<DB, TB, O>): SelectQueryBuilder<DB, TB, O> =>
    query
      .where(past(order, time, id, page.after))
      .orderBy(sql.ref(time), order)
      .orderBy(sql.ref(id), order)
      .limit(page.limit)
      .offset(skipped(page));
}
