import { migrateToLatest } from '@agent-registry/db';
import pg from 'pg';
import { databaseName } from './environment.ts';
import type { Secrets } from './secrets.ts';

export type DatabaseRole = keyof Secrets['databasePasswords'] | 'superuser';

/** Where a role finds the stack's database, given the superuser's URL of its server. */
export function databaseUrlOf(superuserUrl: string, secrets: Secrets, role: DatabaseRole): string {
  const url = new URL(superuserUrl);
  url.pathname = `/${databaseName}`;
  if (role !== 'superuser') {
    url.username = role;
    url.password = secrets.databasePasswords[role];
  }
  return url.href;
}

/** Makes the database if there is none, brings it up to date, and lets the services' roles log in with their passwords. */
export async function prepareDatabase(superuserUrl: string, secrets: Secrets): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: superuserUrl });
  client.on('error', () => undefined); // Lost while it is idle, as by Ctrl-C: its next query, or the migrations', says so.
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
    const applied = await migrateToLatest({ url: databaseUrlOf(superuserUrl, secrets, 'superuser') });
    for (const [role, password] of Object.entries(secrets.databasePasswords)) {
      await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
    return applied;
  } finally {
    await client.end();
  }
}
