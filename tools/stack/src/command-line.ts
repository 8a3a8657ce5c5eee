import { parseArgs } from 'node:util';
import type { Env } from './environment.ts';
import {
  defaultPorts,
  INSTANCES_MAX,
  type PortName,
  type Ports,
  portFlag,
  portNames,
  portVariable,
} from './services.ts';

export interface CommandLine {
  readonly help: boolean;
  readonly dataDir: string;
  readonly ports: 'free' | Partial<Ports>;
  readonly json: boolean;
  readonly redis: boolean;
  readonly instances: number;
  /** Fills an empty registry with a made-up market by this word; null leaves it empty. */
  readonly seed: string | null;
  readonly bundles: boolean;
}

const maxPort = 65_535;

const portLine = (name: PortName): string => {
  const flag = `--${portFlag(name)} <port>`.padEnd(28);
  return `  ${flag}${portVariable(name).padEnd(25)}${defaultPorts[name]}`;
};

export const help = `Runs the whole registry on this machine: npm start -- [options]

  --data <dir>                where everything is kept (.data; STACK_DATA)
  --free-ports                any free ports instead of these:
${portNames.map(portLine).join('\n')}
  --instances <n>             as many apis and dispatchers (1; at most ${INSTANCES_MAX}), each on ports 10 further: 8010 and 8011
  --seed <word>               a made-up market of 60 agents and 400 jobs in a new registry: the same for one word, such as demo
  --bundles                   the services that npm run build made, with the limits of their images, instead of the sources
  --no-redis                  do without Redis, as where there is no redis-server
  --json                      logs as the services write them
  --help

Redis is used when redis-server is on the PATH, or yours when REDIS_URL names it. Ctrl-C ends everything; the data stays.
`;

function readPort(name: PortName, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > maxPort) {
    throw new Error(`--${portFlag(name)} (${portVariable(name)}) must be a port from 1 to ${maxPort}`);
  }
  return port;
}

function readInstances(text: string | boolean | undefined): number {
  const instances = Number(text ?? 1);
  if (Number.isInteger(instances) && instances >= 1 && instances <= INSTANCES_MAX) return instances;
  throw new Error(`--instances must be a number from 1 to ${INSTANCES_MAX}`);
}

/** Flags first, then environment variables. Throws an error to be shown to the person. */
export function readCommandLine(args: readonly string[], env: Env): CommandLine {
  const flags = portNames.map((name) => [portFlag(name), { type: 'string' as const }]);
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...(Object.fromEntries(flags) as Record<string, { type: 'string' }>),
      data: { type: 'string' },
      'free-ports': { type: 'boolean' },
      'no-redis': { type: 'boolean' },
      instances: { type: 'string' },
      bundles: { type: 'boolean' },
      json: { type: 'boolean' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const given = values as Record<string, string | boolean | undefined>;
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of portNames) {
    const text = given[portFlag(name)] ?? env[portVariable(name)];
    if (typeof text === 'string') ports[name] = readPort(name, text);
  }
  return {
    help: given.help === true,
    dataDir: typeof given.data === 'string' ? given.data : (env.STACK_DATA ?? '.data'),
    ports: given['free-ports'] === true ? 'free' : ports,
    json: given.json === true,
    redis: given['no-redis'] !== true,
    instances: readInstances(given.instances),
    seed: typeof given.seed === 'string' ? given.seed : null,
    bundles: given.bundles === true,
  };
}
