// The command line: every option has an environment variable, and the option wins.
import { parseArgs } from 'node:util';

const QUEUE_SETS = ['local', 'staging', 'production', 'none'] as const;

export interface CliOptions {
  readonly host: string;
  readonly port: number;
  readonly httpPort: number;
  readonly dataDir: string | null;
  readonly project: string;
  readonly location: string;
  readonly queues: (typeof QUEUE_SETS)[number];
  readonly allowAnyTarget: boolean;
  readonly verbose: boolean;
}

export const HELP = `Cloud Tasks emulator: google.cloud.tasks.v2 on this machine, for development and tests.

Usage: npx node tools/cloud-tasks-emulator/src/main.ts [options]

  --port <n>            port of the gRPC API (8003)                   CLOUD_TASKS_EMULATOR_PORT
  --http-port <n>       port of keys, state and tokens (8004)         CLOUD_TASKS_EMULATOR_HTTP_PORT
  --host <address>      address to bind (127.0.0.1)                   CLOUD_TASKS_EMULATOR_HOST
  --data <dir>          where state is kept (.data/cloud-tasks);      CLOUD_TASKS_EMULATOR_DATA
                        "memory" keeps none
  --project <id>        project of the first queues (agent-registry)  CLOUD_TASKS_EMULATOR_PROJECT
  --location <id>       location of the first queues (us-west1)       CLOUD_TASKS_EMULATOR_LOCATION
  --queues <set>        local, staging, production or none (local)    CLOUD_TASKS_EMULATOR_QUEUES
  --allow-any-target    send tasks to other machines too              CLOUD_TASKS_EMULATOR_ALLOW_ANY_TARGET=true
  --verbose             tell of each failed attempt                   CLOUD_TASKS_EMULATOR_VERBOSE=true
  --help                this text

There is no authentication: whoever reaches the ports can use them. Keep it on loopback.`;

const PREFIX = 'CLOUD_TASKS_EMULATOR_';
const MAX_PORT = 65_535;

const portFrom = (text: string, option: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > MAX_PORT)
    throw new Error(`${option} must be a port number, not "${text}"`);
  return Number(text);
};

/** The options, or 'help'; throws an Error whose message is for the user. */
export const readCliOptions = (argv: readonly string[], env: NodeJS.ProcessEnv): CliOptions | 'help' => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    options: {
      port: text,
      'http-port': text,
      host: text,
      data: text,
      project: text,
      location: text,
      queues: text,
      'allow-any-target': flag,
      verbose: flag,
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  const fromEnv = (option: string) => env[PREFIX + option.toUpperCase().replaceAll('-', '_')] || undefined;
  const wanted = values.queues ?? fromEnv('queues') ?? 'local';
  const queues = QUEUE_SETS.find((set) => set === wanted);
  if (queues === undefined)
    throw new Error(`--queues must be one of ${QUEUE_SETS.join(', ')}, not "${wanted}"`);
  const dataDir = values.data ?? fromEnv('data') ?? '.data/cloud-tasks';
  return {
    host: values.host ?? fromEnv('host') ?? '127.0.0.1',
    port: portFrom(values.port ?? fromEnv('port') ?? '8003', '--port'),
    httpPort: portFrom(values['http-port'] ?? fromEnv('http-port') ?? '8004', '--http-port'),
    dataDir: dataDir === 'memory' ? null : dataDir,
    project: values.project ?? fromEnv('project') ?? 'agent-registry',
    location: values.location ?? fromEnv('location') ?? 'us-west1',
    queues,
    allowAnyTarget: values['allow-any-target'] ?? fromEnv('allow-any-target') === 'true',
    verbose: values.verbose ?? fromEnv('verbose') === 'true',
  };
};
