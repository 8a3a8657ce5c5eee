import {
  AbortedTransactionError,
  type CompiledQuery,
  DefaultQueryExecutor,
  type QueryResult,
  Transaction,
} from 'kysely';
import type { Db, Tx } from './create-db.ts';
import { createSessionDialect, SessionConnection } from './session/driver.ts';
import type { Database } from './tables/index.ts';

// Of a transaction's parts Kysely uses the executor alone: it can open neither connections nor transactions of its own.
const dialect = createSessionDialect(() => {
  throw new Error('a transaction opens no connection');
});
const parts = { dialect, driver: dialect.createDriver(), config: { dialect } };
const compiler = dialect.createQueryCompiler();
const adapter = dialect.createAdapter();

/** Hands each query to the connection at once: Kysely's own waits until the one before is answered. */
class TransactionExecutor extends DefaultQueryExecutor {
  readonly #connection: SessionConnection;
  #isOver = false;

  constructor(connection: SessionConnection) {
    super(compiler, adapter, { provideConnection: (consumer) => consumer(connection) });
    this.#connection = connection;
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#isOver) throw new Error('the transaction has ended');
    return this.#connection.executeQuery<R>(query);
  }

  end(): void {
    this.#isOver = true;
  }
}

/**
 * Runs `work` in one transaction; whatever it throws undoes everything. Queries that are asked for before the first of them is
 * answered travel together, in the order in which they were asked for: BEGIN with the first, and COMMIT with those that `work`
 * did not wait for, whose failure is that of the transaction.
 *
 * @throws AbortedTransactionError where `work` went on behind a statement that failed: Postgres answers COMMIT with ROLLBACK.
 */
export function transaction<T>(db: Db, work: (trx: Tx) => Promise<T>): Promise<T> {
  return db.getExecutor().provideConnection(async (connection) => {
    if (!(connection instanceof SessionConnection)) throw new Error('a transaction needs a session');
    connection.begin({});
    const executor = new TransactionExecutor(connection);
    try {
      const value = await work(new Transaction<Database>({ ...parts, executor }));
      await connection.commit();
      return value;
    } catch (error) {
      // A session that cannot be asked to roll back is closed, which does the same.
      if (!(error instanceof AbortedTransactionError)) await connection.rollback().catch(() => undefined);
      throw error;
    } finally {
      executor.end();
    }
  });
}
