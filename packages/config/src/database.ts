import { z } from 'zod';
import { flag, integer, matching, text, url } from './variables.ts';

/** For a Postgres on the same machine, as in development; deployments set DB_POOL_MAX by what theirs carries. */
const poolMaxDefault = 6;
const maxSocketPathBytes = 107; // sun_path, less its terminating zero
const socketFile = '.s.PGSQL.5432';

/** How to reach Postgres: one URL, or the directory of Cloud SQL's Unix socket with the names beside it. */
export type DatabaseConnection =
  | { url: string }
  | { host: string; database: string; user: string; password: string };

const variables = z.object({
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DB_INSTANCE: matching(/^[a-z0-9.:-]+:[a-z0-9-]+:[a-z0-9-]+$/, 'PROJECT:REGION:INSTANCE').optional(),
  DB_NAME: text().optional(),
  DB_USER: text().optional(),
  DB_PASSWORD: text().optional(),
  DB_SOCKET_DIR: text().default('/cloudsql'),
  DB_POOL_MAX: integer(1, 100).default(poolMaxDefault),
  DB_ACQUIRE_TIMEOUT_MS: integer(100, 60_000).default(2_000),
  DB_LISTEN: flag().default(true),
});

type Variables = z.output<typeof variables>;

const readConnection = (env: Variables, complain: (variable: string, problem: string) => void) => {
  if (env.DATABASE_URL !== undefined) {
    if (env.DB_INSTANCE !== undefined) {
      complain('DATABASE_URL', 'and DB_INSTANCE are both set: choose one');
      complain('DB_INSTANCE', 'and DATABASE_URL are both set: choose one');
    }
    return { url: env.DATABASE_URL };
  }
  if (env.DB_INSTANCE === undefined) {
    complain('DATABASE_URL', 'is missing (or DB_INSTANCE with DB_NAME, DB_USER and DB_PASSWORD)');
    return { url: '' };
  }
  const needed = (variable: 'DB_NAME' | 'DB_USER' | 'DB_PASSWORD'): string => {
    const value = env[variable];
    if (value === undefined) complain(variable, 'is missing: DB_INSTANCE needs it');
    return value ?? '';
  };
  const host = `${env.DB_SOCKET_DIR}/${env.DB_INSTANCE}`;
  if (Buffer.byteLength(`${host}/${socketFile}`) > maxSocketPathBytes) {
    complain('DB_INSTANCE', `makes a socket path of more than ${maxSocketPathBytes} bytes`);
  }
  return { host, database: needed('DB_NAME'), user: needed('DB_USER'), password: needed('DB_PASSWORD') };
};

export const database = variables.transform((env, context) => {
  const connection: DatabaseConnection = readConnection(env, (variable, message) =>
    context.addIssue({ code: 'custom', path: [variable], message }),
  );
  return {
    connection,
    poolMax: env.DB_POOL_MAX,
    acquireTimeoutMs: env.DB_ACQUIRE_TIMEOUT_MS,
    listen: env.DB_LISTEN,
  };
});
