import { waitUntil } from '@agent-registry/servers';
import pg from 'pg';

const RESTART_TIMEOUT_MS = 60_000;
const LIBRARY = 'pg_stat_statements';

/** SQL statements that each service sent, BEGIN and COMMIT included; what is pipelined counts one by one. */
export interface StatementCount {
  readonly api: number;
  readonly dispatcher: number;
}

/** Counts statements in Postgres. Between `begin` and `end` only: it costs a few percent. */
export interface StatementCounter {
  begin(): Promise<void>;
  end(): Promise<StatementCount>;
  close(): Promise<void>;
}

/**
 * Has Postgres load pg_stat_statements, which takes a restart. Resolves to null when this Postgres has none, or cannot be
 * restarted here; then it is as it was.
 */
export async function openStatementCounter(
  serverUrl: string,
  restartPostgres: () => void,
): Promise<StatementCounter | null> {
  const admin = await connect(serverUrl);
  try {
    const { rows } = await admin.query('SELECT FROM pg_available_extensions WHERE name = $1', [LIBRARY]);
    if (rows.length === 0 || process.platform !== 'linux') return null;
    await admin.query(`ALTER SYSTEM SET shared_preload_libraries = '${LIBRARY}'`);
  } finally {
    await admin.end();
  }
  restartPostgres();
  let client: pg.Client | null = null;
  const isBack = async () => {
    client = await connectWithLibrary(serverUrl);
    return client !== null;
  };
  if (!(await waitUntil(isBack, { timeoutMs: RESTART_TIMEOUT_MS })))
    throw new Error('Postgres did not come back from the restart that loads pg_stat_statements');
  return counterOf(client!);
}

async function connect(serverUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: serverUrl });
  client.on('error', () => undefined); // Lost while idle: its next query says so.
  await client.connect();
  return client;
}

async function connectWithLibrary(serverUrl: string): Promise<pg.Client | null> {
  let client: pg.Client | null = null;
  try {
    client = await connect(serverUrl);
    const { rows } = await client.query<{ libraries: string }>(
      `SELECT current_setting('shared_preload_libraries') AS libraries`,
    );
    if (rows[0]?.libraries.includes(LIBRARY)) return client;
  } catch {
    // It is going down or coming up.
  }
  await client?.end().catch(() => undefined);
  return null;
}

async function counterOf(client: pg.Client): Promise<StatementCounter> {
  await client.query(`CREATE EXTENSION IF NOT EXISTS ${LIBRARY}`);
  const track = async (which: 'top' | 'none') => {
    await client.query(`ALTER SYSTEM SET ${LIBRARY}.track = '${which}'`);
    await client.query('SELECT pg_reload_conf()');
  };
  await track('none');
  const count = async (): Promise<StatementCount> => {
    const { rows } = await client.query<{ role: string; calls: string }>(
      `SELECT rolname AS role, sum(calls)::text AS calls FROM ${LIBRARY} JOIN pg_roles ON oid = userid GROUP BY 1`,
    );
    const of = (role: string) => Number(rows.find((row) => row.role === role)?.calls ?? 0);
    return { api: of('registry_api'), dispatcher: of('registry_dispatcher') };
  };
  return {
    begin: async () => {
      await client.query(`SELECT ${LIBRARY}_reset()`);
      await track('top');
    },
    end: async () => {
      await track('none');
      return count();
    },
    close: () => client.end(),
  };
}
