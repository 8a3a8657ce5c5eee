import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { isPlanStale } from '../database-errors.ts';
import { isScript, type Statement, StatementBatch, type StatementResult } from './batch.ts';
import type { LeasedSession, SessionPool } from './pool.ts';

/** Statements in one round trip. */
const BATCH_MAX = 100;
const COUNTED = /^(?:INSERT|UPDATE|DELETE|MERGE)\b.* (\d+)$/;

/**
 * A session as Kysely sees it. In a transaction, the statements that are asked for before the first of them is answered travel
 * together, BEGIN with the first and COMMIT with the last: `Promise.all` of three queries is one round trip.
 */
export class SessionConnection implements DatabaseConnection {
  readonly #session: LeasedSession;
  readonly #waiting: Statement[] = [];
  #isBusy = false;
  /** What begins the transaction, until it is sent. */
  #begin: string | undefined;
  #transaction: 'none' | 'open' | 'ending' = 'none';

  constructor(session: LeasedSession) {
    this.#session = session;
  }

  begin(settings: TransactionSettings): void {
    const { isolationLevel, accessMode } = settings;
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    this.#begin = `begin${level}${accessMode === undefined ? '' : ` ${accessMode}`}`;
    this.#transaction = 'open';
  }

  /** Rejects with the error of the statement that travelled before it, where that one failed. */
  async commit(): Promise<void> {
    if (this.#begin === undefined || this.#waiting.length > 0) {
      const committed = this.#ask('commit', []);
      this.#transaction = 'ending';
      const { tag } = await committed;
      this.#endTransaction();
      if (tag === 'ROLLBACK') throw new AbortedTransactionError();
    } else this.#endTransaction();
  }

  /** What is not sent yet never is. */
  async rollback(): Promise<void> {
    const unsent = this.#waiting.splice(0);
    for (const { reject } of unsent) reject(new Error('the transaction was rolled back'));
    try {
      if (this.#begin === undefined) await this.#ask('rollback', []);
    } finally {
      this.#endTransaction();
    }
  }

  #endTransaction(): void {
    this.#begin = undefined;
    this.#transaction = 'none';
  }

  /** Whether nothing is under way, so that the session can be used by others. */
  get isClean(): boolean {
    return !this.#isBusy && this.#waiting.length === 0 && this.#session.getTransactionStatus() === 'I';
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#transaction === 'ending') throw new Error('the transaction has ended');
    try {
      return toQueryResult<R>(await this.#ask(sql, parameters));
    } catch (error) {
      // In a transaction the error has undone all before it: whoever began it must run it again.
      if (isPlanStale(error) && this.#transaction === 'none')
        return toQueryResult<R>(await this.#ask(sql, parameters));
      // The driver's stack leads to the socket: this one leads to who asked.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  }

  streamQuery(): AsyncIterableIterator<never> {
    throw new Error('results are not streamed');
  }

  #ask(text: string, values: readonly unknown[]): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, values, resolve, reject });
      // Not before all that can go on without an answer has asked for what it needs.
      if (this.#waiting.length === 1 && !this.#isBusy) process.nextTick(() => this.#send());
    });
  }

  #send(): void {
    const [first, ...rest] = this.#isBusy ? [] : this.#takeBatch();
    if (first === undefined) return;
    this.#isBusy = true;
    const onEnd = (): void => {
      this.#isBusy = false;
      if (this.#waiting.length > 0) process.nextTick(() => this.#send());
    };
    const needsTransaction =
      this.#transaction !== 'none' && first.text !== 'rollback' && !first.text.startsWith('begin');
    void this.#session.query(
      new StatementBatch(this.#session, [first, ...rest], { needsTransaction, onEnd }),
    );
  }

  #takeBatch(): Statement[] {
    // Without a transaction each is one of its own, and has a Sync of its own.
    if (this.#transaction === 'none') return this.#waiting.splice(0, 1);
    const script = this.#waiting.findIndex(isScript);
    const end = script < 0 ? BATCH_MAX : Math.max(script, 1);
    if (this.#waiting.length === 0 || this.#begin === undefined) return this.#waiting.splice(0, end);
    const begin = { text: this.#begin, values: [], resolve: () => undefined, reject: () => undefined };
    this.#begin = undefined;
    return [begin, ...this.#waiting.splice(0, script === 0 ? 0 : end)];
  }
}

function toQueryResult<R>({ rows, tag }: StatementResult): QueryResult<R> {
  const count = COUNTED.exec(tag)?.[1];
  return { rows: rows as R[], ...(count === undefined ? {} : { numAffectedRows: BigInt(count) }) };
}

class SessionDriver implements Driver {
  readonly #openPool: () => SessionPool;
  #pool: SessionPool | undefined;
  readonly #sessions = new WeakMap<DatabaseConnection, LeasedSession>();

  constructor(openPool: () => SessionPool) {
    this.#openPool = openPool;
  }

  async init(): Promise<void> {
    this.#pool = this.#openPool();
  }

  async acquireConnection(): Promise<SessionConnection> {
    const session = await this.#pool!.connect();
    const connection = new SessionConnection(session);
    this.#sessions.set(connection, session);
    return connection;
  }

  async beginTransaction(connection: SessionConnection, settings: TransactionSettings): Promise<void> {
    connection.begin(settings);
  }

  commitTransaction(connection: SessionConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: SessionConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(connection: SessionConnection): Promise<void> {
    this.#sessions.get(connection)?.release(!connection.isClean);
  }

  async destroy(): Promise<void> {
    await this.#pool?.end();
  }
}

/** Postgres by a pool of sessions that prepare each statement once. */
export function createSessionDialect(openPool: () => SessionPool): Dialect {
  return {
    createDriver: () => new SessionDriver(openPool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
