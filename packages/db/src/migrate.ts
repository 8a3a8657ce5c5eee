import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { createDb, type DbConnection } from './create-db.ts';
import { migrations } from './migrations/index.ts';

/** Runs everything that must exist before the first migration: the three roles, the extension, the owner's rights. */
async function prepare(connection: DbConnection): Promise<void> {
  const db = createDb({ ...connection, poolMax: 1 });
  try {
    for (const role of ['registry_owner', 'registry_api', 'registry_dispatcher']) {
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
    if (rows[0]?.user !== 'registry_owner') {
      await sql`GRANT USAGE, CREATE ON SCHEMA public TO registry_owner`.execute(db);
      await sql`GRANT USAGE ON SCHEMA public TO registry_api, registry_dispatcher`.execute(db);
    }
  } finally {
    await db.destroy();
  }
}

/**
 * Brings the schema up to date as `registry_owner`; concurrent runs wait for one another on an advisory lock.
 * The connection's user must be `registry_owner` or may become it.
 *
 * @returns the names of the migrations that were applied now.
 * @throws the error of the first migration that failed; those before it stay applied.
 */
export async function migrateToLatest(connection: DbConnection): Promise<string[]> {
  await prepare(connection);
  const db = createDb({ ...connection, poolMax: 2, role: 'registry_owner' });
  try {
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    return (results ?? [])
      .filter((result) => result.status === 'Success')
      .map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}

/** Whether every migration this code knows is applied: what /ready asks. */
export async function pendingMigrations(db: ReturnType<typeof createDb>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(db);
  const applied = new Set(rows.map((row) => row.name));
  return Object.keys(migrations).filter((name) => !applied.has(name));
}
