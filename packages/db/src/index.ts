export { createDb, type Db, type DbConnection, type DbOptions, type Tx } from './create-db.ts';
export { migrateToLatest, pendingMigrations } from './migrate.ts';
export * from './queries/agents.ts';
export * from './queries/housekeeping.ts';
export * from './queries/jobs.ts';
export * from './queries/ledger.ts';
export * from './queries/outbox.ts';
export * from './queries/webhooks.ts';
export * from './tables/index.ts';
