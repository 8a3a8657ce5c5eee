import { readApiConfig } from '@agent-registry/config';
import type { Db } from '@agent-registry/db';
import { createTestDatabase, type TestDatabase } from '@agent-registry/db/testing';
import { duringTests } from '@agent-registry/servers';
import { createLogger, noTelemetry, type Running, serve } from '@agent-registry/service-kit';
import { sha256Hex } from '@agent-registry/signing';
import { afterAll, beforeAll } from '@jest/globals';
import type { ApiContext } from '../src/context.ts';
import { createContext } from '../src/create-context.ts';
import { answerMalformed } from '../src/middleware/errors.ts';
import { createServer } from '../src/server.ts';
import { startTaskSink, type TaskSink } from './task-sink.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export const OPERATOR_KEY = 'operator-key-for-tests-alone';
const PLENTY = '100000';
const PATIENCE_MS = 30_000;
const CATEGORIES = ['DISCOVERY', 'READ', 'WRITE', 'JOB', 'REGISTRATION', 'LOG'];

/** The API on a port of its own, with a database of its own and a clock that the test sets. */
export interface TestApi {
  readonly url: string;
  readonly context: ApiContext;
  readonly clock: TestClock;
  readonly database: TestDatabase;
  /** As the owner of the tables: for arranging and for looking. */
  readonly db: Db;
  readonly tasks: TaskSink;
  /** The log lines so far. */
  readonly lines: readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts it. Limits are far away unless `env` says otherwise; `wayTo` may put something between it and its database. */
export async function startApi(
  env: Readonly<Record<string, string>> = {},
  wayTo?: (databaseUrl: string) => string,
): Promise<TestApi> {
  const [database, tasks] = await Promise.all([createTestDatabase(), startTaskSink()]);
  const config = readApiConfig({
    PORT: '0',
    DATABASE_URL: (wayTo ?? ((url) => url))(database.url('registry_api')),
    PUBLIC_BASE_URL: 'https://registry.example.com',
    PLATFORM_SIGNING_KEY: 'a platform signing key for tests alone',
    OPERATOR_API_KEYS: `ops:${sha256Hex(OPERATOR_KEY)}`,
    DEV_DEPOSIT_ENABLED: 'true',
    ...tasks.env,
    ...Object.fromEntries(
      CATEGORIES.flatMap((category) => [
        [`RATE_LIMIT_${category}_CAPACITY`, PLENTY],
        [`RATE_LIMIT_${category}_REFILL_PER_MIN`, PLENTY],
      ]),
    ),
    ...env,
  });
  const clock = createTestClock();
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    service: 'api',
    level: 'debug',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  // A crowded machine is no outage: only where the way to the database is the test's own does the usual wait decide.
  const patient = { ...config, database: { ...config.database, acquireTimeoutMs: PATIENCE_MS } };
  const context = createContext(wayTo === undefined ? patient : config, {
    log,
    clock,
    telemetry: noTelemetry,
  });
  const running: Running = await serve({
    app: createServer(context),
    host: '127.0.0.1',
    port: 0,
    log,
    answerMalformed: answerMalformed(context),
    onStopping: context.stop,
    shutdown: context.close,
  });
  return {
    url: running.url,
    context,
    clock,
    database,
    db: database.db,
    tasks,
    lines,
    async stop() {
      await running.close();
      await Promise.all([database.drop(), tasks.stop()]);
    },
  };
}

/** The API of a file of tests: started before the first, stopped after the last. The arguments are `startApi`'s. */
export function useApi(...args: Parameters<typeof startApi>): TestApi {
  let api: TestApi | undefined;
  beforeAll(async () => {
    api = await startApi(...args);
  });
  afterAll(() => api?.stop());
  return duringTests(() => api);
}
