import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database } from './tables/index.ts';

export type Db = Kysely<Database>;
export type Tx = Transaction<Database>;

/** How to reach the database: a URL, or the parts (host may be a Unix socket's directory). */
export type DbConnection =
  | { readonly url: string }
  | {
      readonly host: string;
      readonly port?: number;
      readonly database: string;
      readonly user: string;
      readonly password: string;
    };

export type DbOptions = DbConnection & {
  readonly poolMax: number;
  /** How long a caller waits for a free connection before it fails. Default 2,000 ms. */
  readonly acquireTimeoutMs?: number;
  /** The role to act as, where it is not the connection's user. */
  readonly role?: string;
  readonly applicationName?: string;
  /** Called for an error on an idle connection, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void;
};

const INT8 = 20;
const NUMERIC = 1700;
const JSON_TEXT = 114;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000;

/**
 * Compiling a plan takes longer than any query of ours, yet Postgres does it by its estimate of the cost; and with data on
 * solid state, or in memory, going by an index costs hardly more a page than reading on.
 */
export const SESSION_SETTINGS: readonly string[] = ['jit=off', 'random_page_cost=1.1'];

const parsers = new Map<number, (text: string) => unknown>([
  [INT8, BigInt],
  [NUMERIC, Number],
  // `json` keeps the text as it was received, and so do we; `jsonb` is parsed.
  [JSON_TEXT, (text) => text],
]);

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return parsers.get(oid) ?? pg.types.getTypeParser(oid, format ?? 'text');
  },
} as pg.CustomTypesConfig;

/** How the driver is told where the database is. */
export function connectionConfig(connection: DbConnection): pg.ClientConfig {
  if ('url' in connection) return { connectionString: connection.url };
  const { host, port, database, user, password } = connection;
  return { host, ...(port === undefined ? {} : { port }), database, user, password };
}

/** A pool of connections behind Kysely. int8 is bigint, numeric a number, json the text as stored, jsonb parsed. */
export function createDb(options: DbOptions): Db {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.poolMax,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 2_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    ...(options.applicationName === undefined ? {} : { application_name: options.applicationName }),
    options: [...SESSION_SETTINGS, ...(options.role === undefined ? [] : [`role=${options.role}`])]
      .map((setting) => `-c ${setting}`)
      .join(' '),
    types,
  });
  // The query in progress, or the next one, fails with it; without a listener the process would end as well.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (error) => options.onIdleError?.(error));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
