export { createDb, type Db, type DbConnection, type DbOptions, type Tx } from './create-db.ts';
export { migrateToLatest, pendingMigrations } from './migrate.ts';
export * from './tables/index.ts';
