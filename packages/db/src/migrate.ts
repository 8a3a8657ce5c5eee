import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { createDb, type Db, type DbConnection, type SessionBounds } from './create-db.ts';
import { isLockTimeout } from './database-errors.ts';
import { migrations as all } from './migrations/index.ts';
import { fillSearchColumns } from './queries/search-maintenance.ts';

export interface MigrateOptions {
  /** In the order of their names; those of this code when absent. */
  readonly migrations?: Readonly<Record<string, Migration>>;
  /** How long a statement may wait for a table's lock, for every reader that comes after waits behind it. Default 2 s. */
  readonly lockTimeoutMs?: number;
  /** Told when a migration found a table in use and is tried again. */
  readonly onRetry?: (migration: string) => void;
}

const LOCK_TIMEOUT_MS = 2_000;
/** Some ten minutes, if each attempt waits for its whole timeout. */
const LOCK_ATTEMPTS = 200;
const RETRY_MAX_MS = 2_000;
const OWNER = 'registry_owner';
/** After it the columns of search are filled in, without the locks of a migration. */
const SEARCH = '0019-search-indexes';

/** A statement may take hours, and a migration that waits for another one too; a lock that readers need is another matter. */
const openForMigrations = (connection: DbConnection, bounds: SessionBounds, role?: string): Db =>
  createDb({
    ...connection,
    poolMax: 2,
    bounds,
    lifetimeMs: Number.POSITIVE_INFINITY,
    applicationName: 'migrations',
    ...(role === undefined ? {} : { role }),
  });

/** Runs everything that must exist before the first migration: the three roles, the extension, the owner's rights. */
async function prepare(connection: DbConnection): Promise<void> {
  const db = openForMigrations(connection, {});
  try {
    for (const role of [OWNER, 'registry_api', 'registry_dispatcher']) {
      // Two databases of one cluster may be prepared at once: whoever comes second finds the role there.
      await sql
        .raw(
          `DO $$ BEGIN
             IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
           EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
        )
        .execute(db);
    }
    const { rows } = await sql<{ user: string; trgm: boolean }>`
      SELECT current_user AS user, EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS trgm`.execute(
      db,
    );
    if (!rows[0]?.trgm) await sql`CREATE EXTENSION IF NOT EXISTS pg_trgm`.execute(db);
    if (rows[0]?.user !== OWNER) {
      await sql`GRANT USAGE, CREATE ON SCHEMA public TO registry_owner`.execute(db);
      await sql`GRANT USAGE ON SCHEMA public TO registry_api, registry_dispatcher`.execute(db);
    }
  } finally {
    await db.destroy();
  }
}

/**
 * Brings the schema up to date as `registry_owner`, each migration in a transaction of its own; concurrent runs wait for one another on
 * an advisory lock. A table that is in use longer than the lock timeout is tried again. A schema that is newer than this code is left alone.
 * The connection's user must be `registry_owner` or may become it.
 *
 * @returns the names of the migrations that were applied now.
 * @throws the error of the first migration that failed; those before it stay applied.
 */
export async function migrateToLatest(
  connection: DbConnection,
  options: MigrateOptions = {},
): Promise<string[]> {
  const { migrations = all, lockTimeoutMs = LOCK_TIMEOUT_MS, onRetry } = options;
  await prepare(connection);
  const db = openForMigrations(connection, { lock_timeout: lockTimeoutMs }, OWNER);
  try {
    await assertOwner(db);
    if (await isNewer(db, migrations)) return [];
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
    const applied: string[] = [];
    for (;;) {
      const name = await migrateOnce(migrator, onRetry);
      if (name === undefined) break;
      applied.push(name);
    }
    if (SEARCH in migrations) await fillSearchColumns(db);
    return applied;
  } finally {
    await db.destroy();
  }
}

/** Applies the next migration, and returns its name if there was one. */
async function migrateOnce(
  migrator: Migrator,
  onRetry: MigrateOptions['onRetry'],
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const { error, results = [] } = await migrator.migrateUp();
    const name = results[0]?.migrationName;
    if (error === undefined) return name;
    if (!isLockTimeout(error) || attempt === LOCK_ATTEMPTS) throw error;
    onRetry?.(name ?? 'the migration');
    await delay(RETRY_MAX_MS * Math.random());
  }
}

/** A pooler that passes over the role that a session starts with would let another one own the tables. */
async function assertOwner(db: Db): Promise<void> {
  const { rows } = await sql<{ user: string }>`SELECT current_user AS user`.execute(db);
  if (rows[0]?.user !== OWNER) throw new Error(`migrations run as ${OWNER}, not as ${rows[0]?.user}`);
}

/** Whether every migration of this code is applied, and later ones besides. A name that is missing in between is no such case. */
async function isNewer(db: Db, migrations: MigrateOptions['migrations'] & object): Promise<boolean> {
  const { rows } = await sql<{ exists: boolean }>`
    SELECT to_regclass('kysely_migration') IS NOT NULL AS exists`.execute(db);
  if (rows[0]?.exists !== true) return false;
  const applied = new Set(await listApplied(db));
  const known = Object.keys(migrations).sort();
  const last = known.at(-1) ?? '';
  const unknown = [...applied].filter((name) => !Object.hasOwn(migrations, name));
  return (
    unknown.length > 0 && known.every((name) => applied.has(name)) && unknown.every((name) => name > last)
  );
}

async function listApplied(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db);
  return rows.map((row) => row.name);
}

/** The migrations of this code that are not applied: what /ready asks. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const applied = new Set(await listApplied(db));
  return Object.keys(all).filter((name) => !applied.has(name));
}
