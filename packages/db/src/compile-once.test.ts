import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { compileByMembers, compileOnce } from './compile-once.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('a statement that is compiled once', () => {
  test('is built at its first use alone, and runs with the values of each call', async () => {
    let built = 0;
    const add = compileOnce((_db, a: number, b: number) => {
      built += 1;
      return sql<{ sum: number }>`SELECT ${a}::integer + ${b}::integer + ${1}::integer AS sum`;
    });
    expect(await add(database.db, 1, 2)).toEqual([{ sum: 4 }]);
    expect(await Promise.all([add(database.db, 10, 20), add(database.db, 3, 4)])).toEqual([
      [{ sum: 31 }],
      [{ sum: 8 }],
    ]);
    expect(built).toBe(1);
  });

  test('may use a value twice, and be given null, a date, bytes and a list', async () => {
    const look = compileOnce(
      (_db, none: null, at: Date, bytes: Buffer, list: readonly string[]) =>
        sql`SELECT ${none}::text AS none, ${at}::timestamptz AS at, ${bytes}::bytea AS bytes, ${list}::text[] AS list,
          cardinality(${list}::text[]) AS count`,
    );
    const at = new Date('2026-05-04T03:02:01.123Z');
    const given = { none: null, at, bytes: Buffer.from([0, 255]), list: ['a', 'b"c', ''] };
    expect(await look(database.db, null, at, given.bytes, given.list)).toEqual([{ ...given, count: 3 }]);
  });

  test('has a text for each number of values', async () => {
    const find = compileOnce((_db, ...wanted: number[]) =>
      wanted.length === 0
        ? sql<{ n: number }>`SELECT 0 AS n WHERE false`
        : sql<{ n: number }>`SELECT n FROM generate_series(1, 9) n WHERE n IN (${sql.join(wanted)})`,
    );
    expect(await find(database.db, 3)).toEqual([{ n: 3 }]);
    expect(await find(database.db)).toEqual([]);
    expect(await find(database.db, 9, 4, 12)).toEqual([{ n: 4 }, { n: 9 }]);
    expect(await find(database.db, 5)).toEqual([{ n: 5 }]);
  });
});

describe('a statement whose text depends on what is given', () => {
  interface Row {
    readonly id: number;
    readonly name?: string | null | undefined;
    readonly note?: string | undefined;
  }
  const insert = compileByMembers((_db, row: Row, id: number) => {
    const names = Object.keys(row).map((name) => sql.ref(name));
    return sql<{ id: number; name: string | null; note: string; other: number }>`
      INSERT INTO things (${sql.join(names)}) VALUES (${sql.join(Object.values(row))}) RETURNING *, ${id}::integer AS other`;
  });

  test('has a text for each set of members, undefined being none and null a value', async () => {
    await sql`CREATE TABLE things (id integer, name text DEFAULT 'nameless', note text DEFAULT '')`.execute(
      database.db,
    );
    const rows = [
      await insert(database.db, { id: 1, name: 'one' }, 7),
      await insert(database.db, { id: 2, name: undefined }, 8),
      await insert(database.db, { name: null, id: 3 }, 9),
      await insert(database.db, { id: 4, name: 'four', note: 'n' }, 10),
      await insert(database.db, { id: 5, name: 'five' }, 11),
    ].flat();
    expect(rows).toEqual([
      { id: 1, name: 'one', note: '', other: 7 },
      { id: 2, name: 'nameless', note: '', other: 8 },
      { id: 3, name: null, note: '', other: 9 },
      { id: 4, name: 'four', note: 'n', other: 10 },
      { id: 5, name: 'five', note: '', other: 11 },
    ]);
  });
});
