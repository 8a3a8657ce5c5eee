import { createHmac, randomUUID } from 'node:crypto';
import pg from 'pg';

export const roles = ['registry_owner', 'registry_api', 'registry_dispatcher'] as const;

/** The superuser's URL of the server that tests use. Throws when nobody started one. */
export function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) {
    throw new Error(
      'TEST_DATABASE_URL is not set: run tests with `npm test`, which starts a Postgres for a project that has ' +
        '@agent-registry/db or @agent-registry/servers among its dependencies',
    );
  }
  return url;
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The same server and database as a role of the registry. */
export function asRole(url: string, role: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = passwordOf(role);
  return changed.href;
}

// Roles belong to the whole server, which several test processes share: each must come to the same password.
function passwordOf(role: string): string {
  return createHmac('sha256', serverUrl()).update(role).digest('hex');
}

/** Runs with one connection of the superuser, to the database `postgres` unless another is named. */
export async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>, database?: string): Promise<T> {
  const url = serverUrl();
  const client = new pg.Client({
    connectionString: database === undefined ? url : withDatabase(url, database),
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Lets the roles that the migrations made log in, on this server of tests only. */
export async function letRolesLogIn(client: pg.Client): Promise<void> {
  for (const role of roles) await client.query(`ALTER ROLE ${role} LOGIN PASSWORD '${passwordOf(role)}'`);
}

/** A database name that nobody else uses. */
export function newDatabaseName(): string {
  return `registry_test_${randomUUID().replaceAll('-', '')}`;
}
