import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildConsole } from '@agent-registry/console';
import { isOnPath, lockDirectory } from '@agent-registry/servers';
import { addresses, type Env, passOn, serviceEnvironments } from './environment.ts';
import { type LogBook, openLogBook } from './log-book.ts';
import { emulatorPart, instancePart, postgresPart, redisPart, runnerPart, type Workshop } from './parts.ts';
import { endLeftovers, openPidFiles } from './pid-files.ts';
import { assertPortsFree, findFreePorts, portsOfInstances } from './ports.ts';
import { type DatabaseRole, databaseUrlOf, prepareDatabase } from './prepare-database.ts';
import { loadSecrets, writePrivate } from './secrets.ts';
import { seedOnce } from './seeded.ts';
import { defaultPorts, type PortName, type Ports, portNames, replicatedServices } from './services.ts';
import type { Stack, StackOptions } from './stack-options.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { type Sweep, startSweep } from './sweep.ts';

const sweepEveryMs = 1_000;

/** Which Redis serves: one of our own, somebody's by its URL, or none. */
interface RedisChoice {
  readonly isOwn: boolean;
  readonly url: string | null;
}

function chooseRedis(options: StackOptions, env: Env, ports: Ports, password: string): RedisChoice {
  if (options.redis === false) return { isOwn: false, url: null };
  if (env.REDIS_URL) return { isOwn: false, url: env.REDIS_URL };
  if (!isOnPath('redis-server', env.PATH)) return { isOwn: false, url: null };
  return { isOwn: true, url: `redis://:${password}@127.0.0.1:${ports.redis}` };
}

async function prepareWorkshop(options: StackOptions, dataDir: string, logBook: LogBook): Promise<Workshop> {
  const runDir = join(dataDir, 'run');
  const pidFiles = openPidFiles(runDir);
  await endLeftovers(runDir, (line) => logBook.write('stack', line));
  const free = options.ports === 'free';
  const ports = free ? await findFreePorts() : { ...defaultPorts, ...(options.ports as Partial<Ports>) };
  return {
    dataDir,
    ports,
    instancePorts: await portsOfInstances(ports, options.instances ?? 1, free),
    bundles: options.bundles ?? false,
    logBook,
    pidFiles,
    secrets: loadSecrets(dataDir),
    env: passOn(options.env ?? process.env),
  };
}

/** Says what to do where a checkout is read-only, which Node tells in many ways, ENOENT among them. */
function makeWritable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const advice = 'name a directory that can be, by --data <dir> or STACK_DATA';
    throw new Error(`${dataDir}, where the data is to be kept, cannot be written (${code}): ${advice}.`, {
      cause,
    });
  }
}

/** Where NODE_USE_ENV_PROXY sends requests through a proxy: the parts are on this machine, and no proxy reaches them. */
function bypassProxy(): void {
  const { no_proxy: lower, NO_PROXY: upper } = process.env;
  const name = lower === undefined ? 'NO_PROXY' : 'no_proxy';
  const entries = (lower ?? upper ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  process.env[name] = [...new Set([...entries, '127.0.0.1', 'localhost', '::1'])].join(',');
}

function mayHaveOrphan(dataDir: string): boolean {
  const home = join(dataDir, 'postgres');
  return existsSync(join(home, 'elsewhere')) || existsSync(join(home, 'cluster', 'postmaster.pid'));
}

type Running = Pick<Stack, 'database' | 'redisUrl'> & { readonly sweep: Sweep };

/** Starts the test-runner, which needs nothing of the others, while they start. It is awaited with the services. */
function startRunner(options: StackOptions, workshop: Workshop, supervisor: Supervisor): Promise<void> {
  if (options.runner === false) return Promise.resolve();
  const { env, ports, secrets, dataDir } = workshop;
  const around = { env, ports, secrets, dataDir, redisUrl: null, databaseUrl: () => '' };
  const environment = { ...serviceEnvironments(around)['test-runner'], ...options.overrides };
  const started = supervisor.start(runnerPart(workshop, environment));
  // What else fails first is told, and this is stopped.
  started.catch(() => undefined);
  return started;
}

async function startParts(
  options: StackOptions,
  workshop: Workshop,
  supervisor: Supervisor,
): Promise<Running> {
  const { ports, instancePorts, secrets, logBook } = workshop;
  const say = (line: string) => logBook.write('stack', line);
  const redis = chooseRedis(options, options.env ?? process.env, ports, secrets.redisPassword);
  if (instancePorts.length > 1 && redis.url === null)
    throw new Error(
      'Several instances need Redis, which has their rate limits: install redis-server, or set REDIS_URL.',
    );
  // Where an orphan of Postgres may still listen, Postgres looks for itself once it has ended that.
  const listens = (name: PortName) =>
    name === 'postgres' ? !mayHaveOrphan(workshop.dataDir) : name !== 'redis' || redis.isOwn;
  await assertPortsFree(ports, portNames.filter(listens));
  for (const own of instancePorts.slice(1)) await assertPortsFree(own, replicatedServices);
  const postgres = postgresPart(workshop);
  const emulator = emulatorPart(workshop, options.queues);
  const stores = supervisor.start(postgres, emulator, ...(redis.isOwn ? [redisPart(workshop)] : []));
  const runner = startRunner(options, workshop, supervisor);
  await stores;
  const applied = await prepareDatabase(postgres.superuserUrl(), secrets);
  if (applied.length > 0) say(`applied ${applied.length} migrations, the last ${applied.at(-1)}`);
  const databaseUrl = (role: DatabaseRole) => databaseUrlOf(postgres.superuserUrl(), secrets, role);
  const { env, dataDir } = workshop;
  const shared = { env, firstPorts: ports, secrets, dataDir, redisUrl: redis.url, databaseUrl };
  const environments = instancePorts.map((own) => serviceEnvironments({ ...shared, ports: own }));
  await buildConsole();
  if (options.seed !== undefined) {
    const target = { dataDir, databaseUrl: databaseUrl('superuser'), api: environments[0]!.api };
    await seedOnce(target, options.seed, say);
  }
  const instances = environments.flatMap((environment, index) =>
    replicatedServices.map((name) =>
      instancePart(workshop, name, index, { ...environment[name], ...options.overrides }),
    ),
  );
  await Promise.all([runner, supervisor.start(...instances)]);
  const dispatcherUrls = instancePorts.map((own) => addresses(own).dispatcher);
  const target = { dispatcherUrls, tokenIssuerUrl: addresses(ports).tokenIssuer, everyMs: sweepEveryMs };
  return {
    database: { url: databaseUrl },
    redisUrl: redis.url,
    sweep: startSweep(target, say),
  };
}

function describeStack(
  workshop: Workshop,
  supervisor: Supervisor,
  running: Running,
  stop: () => Promise<void>,
): Stack {
  const to = addresses(workshop.ports);
  return {
    apiUrl: to.api,
    dispatcherUrl: to.dispatcher,
    runnerUrl: to.testRunner,
    instanceUrls: {
      api: workshop.instancePorts.map((own) => addresses(own).api),
      dispatcher: workshop.instancePorts.map((own) => addresses(own).dispatcher),
    },
    emulator: { grpc: to.emulatorGrpc, httpUrl: to.tokenIssuer },
    redisUrl: running.redisUrl,
    database: running.database,
    operatorKey: workshop.secrets.operatorKey,
    ports: workshop.ports,
    logs: workshop.logBook.lines,
    pid: (service) => supervisor.find(service).pid(),
    kill: (service, signal = 'SIGKILL') => supervisor.find(service).kill(signal),
    whenReady: (service) => supervisor.find(service).whenReady(),
    stopService: (service) => supervisor.find(service).stop(),
    startService: (service) => supervisor.find(service).start(),
    restart: async (service) => {
      await supervisor.find(service).stop();
      await supervisor.find(service).start();
    },
    stop,
  };
}

/**
 * Brings up Postgres, Redis where there is one, the Cloud Tasks emulator and the three services, each a process of its own that
 * is started again when it ends, and resolves when all serve. What an earlier run left behind is ended first. Throws,
 * with nothing left running, when a port is taken, the data directory is in use, or a part does not come up.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  makeWritable(dataDir);
  bypassProxy();
  const lock = lockDirectory(dataDir, 'a stack');
  const logBook = openLogBook(options.log);
  const supervisor = createSupervisor((event) => {
    logBook.write('stack', `${event.part} ${event.message}`);
    options.onEvent?.(event);
  }, logBook.tail);
  const stopEarly = () => void supervisor.stop();
  options.signal?.addEventListener('abort', stopEarly);
  let sweep: Sweep | null = null;
  const stop = async () => {
    options.signal?.removeEventListener('abort', stopEarly);
    await sweep?.stop();
    await supervisor.stop();
    lock.release();
  };
  try {
    const workshop = await prepareWorkshop(options, dataDir, logBook);
    const running = await startParts(options, workshop, supervisor);
    sweep = running.sweep;
    const facts = { ports: workshop.ports, databaseUrl: running.database.url('registry_owner') };
    writePrivate(join(dataDir, 'stack.json'), JSON.stringify(facts));
    return describeStack(workshop, supervisor, running, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
