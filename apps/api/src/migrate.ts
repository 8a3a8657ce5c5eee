// Brings the schema up to date and ends: what a deploy runs, once, before the new revision takes traffic.
import { loadEnv, readDatabaseConfig } from '@agent-registry/config';
import { migrateToLatest } from '@agent-registry/db';
import { bootOrExit, createLogger } from '@agent-registry/service-kit';

await bootOrExit(async () => {
  const { connection } = readDatabaseConfig(loadEnv({ cwd: process.cwd(), env: process.env }));
  const log = createLogger({ service: 'migrations', level: 'info' });
  const applied = await migrateToLatest(connection);
  log.info(
    { applied },
    applied.length === 0 ? 'the schema is up to date' : 'the schema has been brought up to date',
  );
});
