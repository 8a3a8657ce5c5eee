import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { migrateToLatest } from '../migrate.ts';
import { asSuperuser, letRolesLogIn, serverUrl, withDatabase } from './admin.ts';

// Any number: it only has to be the same in all test processes.
const buildLock = 4_715_301;
const hashDigits = 16;

/** Names what the migrations make, so that an edited migration never meets an old template. */
function migrationsHash(): string {
  const directory = new URL('../migrations/', import.meta.url);
  const files = readdirSync(directory)
    .sort()
    .map((name) => new URL(name, directory));
  const hash = createHash('sha256');
  for (const file of [...files, new URL('../migrate.ts', import.meta.url)]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, hashDigits);
}

async function build(template: string): Promise<void> {
  await asSuperuser(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [buildLock]); // Ends with the connection.
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 1) return;
    const unfinished = `${template}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished}`);
    await migrateToLatest({ url: withDatabase(serverUrl(), unfinished) });
    await letRolesLogIn(client);
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  });
}

let built: Promise<string> | undefined;

/** The name of a migrated database to copy; made once for the server, whichever test process comes first. */
export function ensureTemplate(): Promise<string> {
  const template = `registry_template_${migrationsHash()}`;
  built ??= build(template).then(() => template);
  return built;
}
