import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '@agent-registry/servers';
import { type Launched, launchProcess, type ProcessSpec } from './launch-process.ts';
import type { LogBook } from './log-book.ts';
import type { PidFiles } from './pid-files.ts';
import { isRedisReady, redisSpec } from './redis.ts';
import type { Secrets } from './secrets.ts';
import { instanceName, type Ports, type ReplicatedService } from './services.ts';
import type { StackOptions } from './stack-options.ts';
import type { Part } from './supervise.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Where Node keeps what it has compiled and stripped of types: a service's start costs half of the processor's time from the second on. */
const compileCache = join(root, 'node_modules', '.cache', 'node-compile');
const probeTimeoutMs = 5_000;
type Service = ReplicatedService | 'test-runner';
const CONTAINER_MIB: Readonly<Record<Service, number>> = { api: 512, dispatcher: 512, 'test-runner': 2_048 };

/** What every part is made from. */
export interface Workshop {
  readonly dataDir: string;
  /** Those of the first instance, and as each instance sees them. */
  readonly ports: Ports;
  readonly instancePorts: readonly Ports[];
  readonly bundles: boolean;
  readonly secrets: Secrets;
  readonly logBook: LogBook;
  readonly pidFiles: PidFiles;
  /** What every process inherits. */
  readonly env: Record<string, string>;
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function processPart(
  workshop: Workshop,
  spec: ProcessSpec,
  url: string,
  isReady: () => Promise<boolean>,
): Part {
  const onLine = (line: string) => workshop.logBook.write(spec.name, line);
  return { name: spec.name, url, isReady, launch: () => launchProcess(spec, workshop.pidFiles, onLine) };
}

/** Node runs the sources as they are: it strips the types. */
const sources = (room: string): string[] => [
  '--disable-warning=ExperimentalWarning',
  join(root, room, 'src', 'main.ts'),
];

/** What `npm run build` made of a service, with the limits of its image: half of the container's memory is for the heap. */
function bundle(service: Service): string[] {
  const main = join(root, 'dist', service, 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: npm run build makes it.`);
  return [`--max-old-space-size=${CONTAINER_MIB[service] / 2}`, '--max-semi-space-size=4', main];
}

function nodeSpec(
  workshop: Workshop,
  name: string,
  args: string[],
  env: Record<string, string>,
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args,
    // Bundles start as they do where they are deployed: without it.
    env: { ...(workshop.bundles ? {} : { NODE_COMPILE_CACHE: compileCache }), ...workshop.env, ...env },
    cwd: workshop.dataDir, // Not the repository: its .env is read by the stack, which passes on what concerns a service.
  };
}

/** Postgres, and where its superuser connects once it has started. */
export function postgresPart(workshop: Workshop): Part & { superuserUrl(): string } {
  let url = '';
  const launch = async (): Promise<Launched> => {
    const postgres = await startPostgres({
      dataDir: join(workshop.dataDir, 'postgres'),
      port: workshop.ports.postgres,
      log: (line) => workshop.logBook.write('postgres', line),
    });
    url = postgres.url;
    return postgres;
  };
  const place = `postgres://127.0.0.1:${workshop.ports.postgres}`;
  return { name: 'postgres', url: place, launch, isReady: async () => true, superuserUrl: () => url };
}

export function redisPart(workshop: Workshop): Part {
  const { dataDir, ports, secrets, env } = workshop;
  const spec = redisSpec({ dataDir, port: ports.redis, password: secrets.redisPassword, env });
  return processPart(workshop, spec, `redis://127.0.0.1:${ports.redis}`, () =>
    isRedisReady(ports.redis, secrets.redisPassword),
  );
}

export function emulatorPart(workshop: Workshop, queues: StackOptions['queues'] = 'local'): Part {
  const { ports, dataDir } = workshop;
  const flags = {
    '--port': String(ports.emulator),
    '--http-port': String(ports['token-issuer']),
    '--data': join(dataDir, 'cloud-tasks'),
    '--queues': queues,
  };
  const args = [...sources('tools/cloud-tasks-emulator'), ...Object.entries(flags).flat()];
  const spec = nodeSpec(workshop, 'emulator', args, {});
  const issuer = `http://127.0.0.1:${ports['token-issuer']}`;
  const url = `grpc://127.0.0.1:${ports.emulator} (keys and state: ${issuer})`;
  return processPart(workshop, spec, url, () => answersOk(`${issuer}/healthz`));
}

export function runnerPart(workshop: Workshop, env: Record<string, string>): Part {
  const name = 'test-runner';
  return serviceAt(workshop, nodeSpec(workshop, name, programOf(workshop, name), env), workshop.ports[name]);
}

/** The nth instance of a service, counted from 0. */
export function instancePart(
  workshop: Workshop,
  service: ReplicatedService,
  index: number,
  env: Record<string, string>,
): Part {
  const spec = nodeSpec(workshop, instanceName(service, index), programOf(workshop, service), env);
  return serviceAt(workshop, spec, workshop.instancePorts[index]![service]);
}

const programOf = ({ bundles }: Workshop, service: Service): string[] =>
  bundles ? bundle(service) : sources(`apps/${service}`);

function serviceAt(workshop: Workshop, spec: ProcessSpec, port: number): Part {
  const url = `http://127.0.0.1:${port}`;
  return processPart(workshop, spec, url, () => answersOk(`${url}/ready`));
}
