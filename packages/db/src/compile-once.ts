import type { CompiledQuery } from 'kysely';
import type { Db } from './create-db.ts';

/** Stands for a value while a statement is built: its text is the same for all values. */
class Placeholder {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** A query builder, or a text by `sql`. */
interface Builder<Row> {
  compile(db: Db): CompiledQuery<Row>;
}

type Run<Values extends readonly unknown[], Row> = (db: Db, ...values: Values) => Promise<Row[]>;

/**
 * A statement that is built and compiled at its first use and not for each request. `build` is called with something that stands for each value: it
 * may put it where a parameter can be, and may not look at it. Lists of values have a text for each length.
 */
export function compileOnce<Values extends readonly unknown[], Row>(
  build: (db: Db, ...values: Values) => Builder<Row>,
): Run<Values, Row> {
  const kept = new Map<number, CompiledQuery<Row>>();
  return (db, ...values) => {
    let compiled = kept.get(values.length);
    if (compiled === undefined) {
      const placeholders = values.map((_, index) => new Placeholder(index));
      compiled = build(db, ...(placeholders as unknown as Values)).compile(db);
      kept.set(values.length, compiled);
    }
    return run(db, compiled, values);
  };
}

/** The same for a statement whose text depends on which members of `given` there are, such as the columns of a row: it has one for each set of them. */
export function compileByMembers<Given extends object, Values extends readonly unknown[], Row>(
  build: (db: Db, given: Given, ...values: Values) => Builder<Row>,
): Run<[given: Given, ...values: Values], Row> {
  const kept = new Map<string, Run<readonly unknown[], Row>>();
  return (db, given, ...others) => {
    const members = Object.entries(given).filter(([, value]) => value !== undefined);
    const names = members.map(([name]) => name);
    const key = names.join();
    let statement = kept.get(key);
    if (statement === undefined) {
      statement = compileOnce((any, ...values) => {
        const built = Object.fromEntries(names.map((name, index) => [name, values[index]]));
        return build(any, built as Given, ...(values.slice(names.length) as unknown as Values));
      });
      kept.set(key, statement);
    }
    return statement(db, ...members.map(([, value]) => value), ...others);
  };
}

async function run<Row>(db: Db, compiled: CompiledQuery<Row>, values: readonly unknown[]): Promise<Row[]> {
  const parameters = compiled.parameters.map((parameter) =>
    parameter instanceof Placeholder ? values[parameter.index] : parameter,
  );
  const { rows } = await db.executeQuery<Row>({ ...compiled, parameters });
  return rows;
}
