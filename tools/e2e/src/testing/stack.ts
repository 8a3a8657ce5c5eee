import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '@agent-registry/client';
import type { Stack, StackOptions } from '@agent-registry/stack';
import { startStack } from '@agent-registry/stack';
import pg from 'pg';
import { openTown, type Town } from './agents.ts';

const categories = ['DISCOVERY', 'READ', 'WRITE', 'JOB', 'REGISTRATION'];
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'];

/** Rate limits that no test reaches: a 429 proves nothing of what these tests are about. */
const generous = Object.fromEntries(
  categories.flatMap((category) => [
    [`RATE_LIMIT_${category}_CAPACITY`, '1000000'],
    [`RATE_LIMIT_${category}_REFILL_PER_MIN`, '1000000'],
  ]),
);

/** A crowded machine is no outage: nobody is answered 503 since others had the connections. */
const patient = { DB_ACQUIRE_TIMEOUT_MS: '20000' };

export interface E2eStack extends Stack {
  /** Where everything is kept. */
  readonly dataDir: string;
  /** Every line that any part has written, as it was written. */
  readonly lines: readonly string[];
  /** Agents whose webhooks come to this process, until the stack is removed. */
  openTown(connection?: Partial<Connection>): Promise<Town>;
  /** A connection to the registry's database as its owner, until the stack is removed. */
  connect(): Promise<pg.Client>;
  /** Has something ended before the stack is, the last named first. */
  defer(end: () => unknown): void;
  /** Ends everything and removes the data. */
  remove(): Promise<void>;
}

/** The whole registry on free ports, in a temporary directory, as the repository's own processes. `lines` is for whoever passes no `log`. */
export async function startE2eStack(
  overrides: Record<string, string> = {},
  options: Pick<StackOptions, 'queues' | 'signal' | 'log' | 'redis' | 'instances' | 'seed' | 'runner'> = {},
): Promise<E2eStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-registry-e2e-'));
  chmodSync(dataDir, 0o711); // Postgres, which runs as another OS user under root, must be able to traverse it.
  const lines: string[] = [];
  const removeData = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack({
      dataDir,
      ports: 'free',
      overrides: { ...generous, ...patient, ...overrides },
      env: Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
      log: ({ line }) => void lines.push(line),
      ...options,
    });
    const ends: (() => unknown)[] = [];
    const defer = (end: () => unknown) => void ends.unshift(end);
    return {
      ...stack,
      dataDir,
      lines,
      defer,
      openTown: async (connection = {}) => {
        const town = await openTown({ baseUrl: stack.apiUrl, ...connection });
        defer(() => town.close());
        return town;
      },
      connect: async () => {
        const client = new pg.Client({ connectionString: stack.database.url('registry_owner') });
        client.on('error', () => undefined); // Lost while it is idle, as when Postgres is killed: its next query says so.
        await client.connect();
        defer(() => client.end());
        return client;
      },
      remove: async () => {
        for (const end of ends) await end();
        await stack.stop();
        removeData();
      },
    };
  } catch (error) {
    removeData();
    throw error;
  }
}
