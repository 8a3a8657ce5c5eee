import { Kysely, type Transaction } from 'kysely';
import pg from 'pg';
import { createSessionDialect } from './session/driver.ts';
import { createSessionPool, type PoolUse, SESSION_LIFETIME_MS, type SessionPool } from './session/pool.ts';
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
  /** Those of a service's session when absent. */
  readonly bounds?: SessionBounds;
  /** Settings of each session beside its usual ones, such as `synchronous_commit=off`. */
  readonly settings?: readonly string[];
  /** After this long a session is not used again. Default 5 minutes. */
  readonly lifetimeMs?: number;
  /** Called for an error on an idle connection, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void;
};

const INT8 = 20;
const NUMERIC = 1700;
const JSON_TEXT = 114;

/** How long a session may take, milliseconds; 0 or absent is without bound. */
export type SessionBounds = Pick<
  pg.ClientConfig,
  'statement_timeout' | 'lock_timeout' | 'idle_in_transaction_session_timeout'
>;
const SERVICE_BOUNDS: SessionBounds = {
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 30_000,
};

/**
 * Compiling a plan takes longer than any query of ours, yet Postgres does it by its estimate of the cost; and with data on
 * solid state, or in memory, going by an index costs hardly more a page than reading on.
 */
export const SESSION_SETTINGS: readonly string[] = ['jit=off', 'random_page_cost=1.1'];
/**
 * Of a service's sessions, which keep their plans: what is planned while a table is small would read all of it for as long, and
 * tables grow by thousands of rows between two looks that Postgres takes at them. What no index leads to is read whole all the same.
 */
export const SERVICE_SETTINGS: readonly string[] = ['enable_seqscan=off'];

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
  const { applicationName, role, bounds = SERVICE_BOUNDS, lifetimeMs = SESSION_LIFETIME_MS } = options;
  const { settings = [] } = options;
  const pool = createSessionPool({
    ...connectionConfig(options),
    ...bounds,
    max: options.poolMax,
    lifetimeMs,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 2_000,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    options: [...SESSION_SETTINGS, ...settings, ...(role === undefined ? [] : [`role=${role}`])]
      .map((setting) => `-c ${setting}`)
      .join(' '),
    types,
    onIdleError: (error) => options.onIdleError?.(error),
  });
  const db: Db = new Kysely<Database>({ dialect: createSessionDialect(() => pool) });
  pools.set(db, pool);
  return db;
}

const pools = new WeakMap<Db, SessionPool>();

/** How much of its pool of connections a database made by `createDb` uses. */
export function poolUse(db: Db): PoolUse {
  return pools.get(db)?.use() ?? { used: 0, waiting: 0, max: 0 };
}
