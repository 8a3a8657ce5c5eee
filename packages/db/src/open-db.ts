import { createDb, type Db, type DbConnection, SERVICE_SETTINGS } from './create-db.ts';
import { createWriteProbe, type WriteProbe } from './queries/probe-writes.ts';
import { type Announce, createAnnouncer, createWakeUps, type WakeUps } from './wake-up.ts';

/** How a service reaches its database. */
export interface ServiceDatabase {
  readonly connection: DbConnection;
  readonly poolMax: number;
  readonly acquireTimeoutMs: number;
  /** Whether waiting requests are woken by NOTIFY; they poll otherwise. */
  readonly listen: boolean;
}

interface Warnings {
  warn(fields: { error: unknown }, message: string): void;
}

export interface OpenDb {
  readonly db: Db;
  /** How waiting requests are woken, on any instance; absent where they poll. */
  readonly announce: Announce | undefined;
  /** Whether the database takes writes: what /ready asks. */
  readonly probeWrites: WriteProbe;
}

/** Opens a service's pool. No connection is made yet. */
export function openDb(service: string, database: ServiceDatabase, log: Warnings): OpenDb {
  const { connection, poolMax, acquireTimeoutMs, listen } = database;
  const db = createDb({
    ...connection,
    poolMax,
    acquireTimeoutMs,
    applicationName: service,
    settings: SERVICE_SETTINGS,
    onIdleError: (error) => log.warn({ error }, 'an idle database connection broke'),
  });
  const complain = (error: unknown): void => log.warn({ error }, 'waiting requests poll for now');
  return {
    db,
    announce: listen ? createAnnouncer(db, complain) : undefined,
    probeWrites: createWriteProbe(db, service),
  };
}

/** The wake-ups that this instance's waiting requests subscribe to; null where they poll. */
export function openWakeUps({ connection, listen }: ServiceDatabase, log: Warnings): WakeUps | null {
  return listen
    ? createWakeUps(connection, (error) => log.warn({ error }, 'waiting requests poll for now'))
    : null;
}
