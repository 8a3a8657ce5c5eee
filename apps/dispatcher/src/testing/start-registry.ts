import {
  createManualClock,
  type Emulator,
  type ManualClock,
  startEmulator,
} from '@agent-registry/cloud-tasks-emulator';
import { readDispatcherConfig } from '@agent-registry/config';
import { type AgentRow, findAgent } from '@agent-registry/db';
import { createTestDatabase, type TestDatabase } from '@agent-registry/db/testing';
import { QUEUES } from '@agent-registry/infra';
import {
  commit,
  emit,
  type Op,
  type OperationDeps,
  registerAgent,
  sendPing,
} from '@agent-registry/operations';
import {
  type EnqueueTasks,
  type MarketRules,
  type TaskSpec,
  taskKinds,
  type WebhookDelivery,
} from '@agent-registry/schemas';
import { createIds, createLogger, noTelemetry, serve } from '@agent-registry/service-kit';
import { createSealer, generateKeyPair } from '@agent-registry/signing';
import type { TasksClient } from '@agent-registry/tasks';
import { type ContextParts, createContext, type DispatcherContext } from '../context.ts';
import { createServer } from '../server.ts';

export const SIGNING_KEY = 'a signing key for tests that is long enough to be taken';
const PROJECT = 'test-project';
const LOCATION = 'us-west1';
export const TASKS_ACCOUNT = 'tasks@test-project.iam.gserviceaccount.com';
const START = new Date('2026-01-01T00:00:00Z');

type AgentChange = Partial<AgentRow>;

export interface RegistryOptions {
  /** True: the machine's time in place of one the test sets. */
  readonly realTime?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Deadline of one exchange with an endpoint, real milliseconds. */
  readonly exchangeMs?: number;
  readonly testRunnerUrl?: string;
  readonly outbound?: ContextParts['outbound'];
}

/** What one machine has for itself. */
export interface MachineOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly exchangeMs?: number;
  readonly exchangeGraceMs?: number;
}

/** One machine that runs the dispatcher. */
export interface Machine {
  readonly url: string;
  readonly context: DispatcherContext;
  /** The lines of its log. */
  readonly lines: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Wraps the tasks client: records what is created, and can make creating fail or lose tasks. */
export interface TaskSwitch {
  readonly created: TaskSpec[];
  mode: 'real' | 'refuse' | 'lose';
}

/** Everything around the dispatcher, real: Postgres, the emulator, HTTP. */
export interface Registry extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly emulator: Emulator;
  readonly clock: ManualClock;
  readonly tasks: TaskSwitch;
  readonly deps: OperationDeps;
  readonly first: Machine;
  /** Another machine on the same database and queue. */
  start(options?: MachineOptions): Promise<Machine>;
  /** Runs an operation as the API would; its tasks are not created. */
  run<T>(work: (op: Op) => Promise<T>): Promise<{ value: T; specs: TaskSpec[] }>;
  /** Changes an agent's row. */
  setAgent(agentId: string, values: AgentChange): Promise<void>;
  /** Records an event for these agents, the tasks not yet created: one spec for each agent that can be reached. */
  event(...agentIds: readonly string[]): Promise<TaskSpec[]>;
  /** Sends an agent a ping, the task not yet created. */
  ping(agentId: string): Promise<{ value: WebhookDelivery; specs: TaskSpec[] }>;
  newAgent(endpointUrl?: string | null): Promise<{ agentId: string; secret: string }>;
  token(claims?: { audience?: string; email?: string }): Promise<string>;
  /** Does what Cloud Tasks does with a task. */
  dispatch(spec: ToDispatch, machine?: Machine): Promise<Dispatched>;
  /** Dispatches a sweep, with maintenance unless `body` says otherwise. */
  sweep(body?: { readonly maintenance?: boolean }, machine?: Machine): Promise<Dispatched>;
}

export type ToDispatch = Pick<TaskSpec, 'path' | 'body'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

export interface Dispatched {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const undo = new AsyncDisposableStack();
  const database = await createTestDatabase();
  undo.defer(() => database.drop());
  const manual = createManualClock(START);
  const clock = options.realTime === true ? { ...manual, now: () => new Date() } : manual;
  const emulator = await startEmulator({
    dataDir: null,
    project: PROJECT,
    location: LOCATION,
    queues: QUEUES.local,
    ...(options.realTime === true ? {} : { clock }),
  });
  undo.defer(() => emulator.stop());
  const tasks: TaskSwitch = { created: [], mode: 'real' };
  let dispatcherUrl: string | null = null;
  const start: Registry['start'] = async ({
    env = {},
    exchangeMs = options.exchangeMs ?? 2_000,
    exchangeGraceMs = 50,
  } = {}) => {
    const machine = await startMachine({
      options,
      overrides: {
        clock,
        exchangeGraceMs,
        outbound: { timeoutMs: exchangeMs, ...options.outbound },
        tasks: (client) => throughSwitch(client, tasks),
      },
      environment: (url) => ({
        ...environment(emulator, database, dispatcherUrl ?? url),
        TEST_RUNNER_URL: options.testRunnerUrl ?? 'http://127.0.0.1:9',
        ...options.env,
        ...env,
      }),
    });
    dispatcherUrl ??= machine.url;
    undo.defer(() => machine.close());
    return machine;
  };
  const first = await start();
  const rules: MarketRules = first.context.rules;
  const deps: OperationDeps = {
    db: database.apiDb,
    clock,
    ids: createIds(clock),
    rules,
    sealer: createSealer({ currentKey: SIGNING_KEY }),
  };
  const token: Registry['token'] = (claims = {}) =>
    emulator.mintToken({ audience: first.url, email: TASKS_ACCOUNT, ...claims });
  const run: Registry['run'] = async (work) => {
    const specs: TaskSpec[] = [];
    const enqueue: EnqueueTasks = async (led) => {
      specs.push(...led);
      return 0;
    };
    const { value } = await commit({ ...deps, enqueue }, work);
    return { value, specs };
  };
  const dispatch: Registry['dispatch'] = async (spec, machine = first) =>
    post(machine.url, spec, await token());
  return {
    database,
    emulator,
    clock,
    tasks,
    deps,
    first,
    start,
    run,
    token,
    event: async (...agentIds) => {
      const data = { new_public_key: '00', effective_at: clock.now().toISOString() };
      return (await run(async (op) => emit(op, 'agent.key_replacement', null, data, agentIds))).specs;
    },
    ping: (agentId) => run(async (op) => sendPing(op, (await findAgent(op.trx, agentId))!)),
    setAgent: async (agentId, values) => {
      await database.db.updateTable('agents').set(values).where('agent_id', '=', agentId).execute();
    },
    newAgent: async (endpointUrl = null) => {
      const { value } = await run((op) => registerAgent(op, registration(endpointUrl)));
      return { agentId: value.agent.agent_id, secret: value.webhookSecret };
    },
    dispatch,
    sweep: (body = {}, machine = first) => dispatch({ path: taskKinds.sweep.path, body }, machine),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

async function post(url: string, spec: ToDispatch, token: string): Promise<Dispatched> {
  const response = await fetch(url + spec.path, {
    method: 'POST',
    headers: { ...spec.headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(spec.body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function registration(endpointUrl: string | null) {
  return {
    publicKey: generateKeyPair().publicKey,
    isProven: false,
    displayName: 'an agent',
    description: null,
    endpointUrl,
    hostingMode: null,
    capabilities: [],
  };
}

/** The variables of a dispatcher among these parts. */
export function environment(emulator: Emulator, database: TestDatabase, url: string): Record<string, string> {
  return {
    ENV: 'test',
    DATABASE_URL: database.url('registry_dispatcher'),
    // A crowded machine is no outage.
    DB_ACQUIRE_TIMEOUT_MS: '30000',
    PLATFORM_SIGNING_KEY: SIGNING_KEY,
    WEBHOOK_ALLOW_PRIVATE_TARGETS: 'true',
    TASKS_PROJECT: PROJECT,
    TASKS_LOCATION: LOCATION,
    TASKS_API_ENDPOINT: `127.0.0.1:${emulator.port}`,
    TASKS_SERVICE_ACCOUNT: TASKS_ACCOUNT,
    DISPATCHER_URL: url,
    OIDC_ISSUER: emulator.issuer,
    OIDC_JWKS_URL: emulator.jwksUrl,
    OIDC_AUDIENCE: url,
    OIDC_ALLOWED_EMAILS: TASKS_ACCOUNT,
    ID_TOKEN_URL: `${emulator.httpUrl}/token`,
    ID_TOKEN_EMAIL: 'dispatcher@test-project.iam.gserviceaccount.com',
  };
}

function throughSwitch(client: TasksClient, tasks: TaskSwitch): TasksClient {
  return {
    create: async (spec, how) => {
      if (tasks.mode === 'refuse') throw new Error('Cloud Tasks is out of reach, as the test asked');
      tasks.created.push(spec);
      if (tasks.mode === 'real') await client.create(spec, how);
    },
    close: () => client.close(),
  };
}

async function startMachine(parts: {
  options: RegistryOptions;
  overrides: Omit<ContextParts, 'log' | 'telemetry'>;
  environment: (url: string) => Record<string, string>;
}): Promise<Machine> {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  const log = createLogger({ service: 'dispatcher', level: 'debug', destination });
  // The address is known only once it is listened on, and the configuration needs it.
  const ready = Promise.withResolvers<{ app: ReturnType<typeof createServer>; context: DispatcherContext }>();
  const running = await serve({
    app: (req, res) => void ready.promise.then(({ app }) => app(req, res)),
    host: '127.0.0.1',
    port: 0,
    log,
    onStopping: () =>
      void ready.promise.then(
        ({ context }) => context.stop(),
        () => undefined,
      ),
    shutdown: async () => (await ready.promise).context.close(),
  });
  try {
    const config = readDispatcherConfig(parts.environment(running.url));
    const context = createContext(config, { log, telemetry: noTelemetry, ...parts.overrides });
    ready.resolve({ app: createServer(context), context });
    return { url: running.url, context, lines, close: () => running.close() };
  } catch (error) {
    ready.promise.catch(() => undefined);
    ready.reject(error);
    await running.close();
    throw error;
  }
}
