import { randomInt } from 'node:crypto';
import { isPortFree } from '@agent-registry/servers';
import {
  INSTANCES_MAX,
  type PortName,
  type Ports,
  portFlag,
  portNames,
  portVariable,
  type ReplicatedService,
  replicatedServices,
} from './services.ts';

// Below the range from which systems take the near end of outgoing connections: those would steal a port between the moment it
// is found free and the moment its service listens.
const lowest = 10_000;
const highest = 32_000;
const attempts = 200;
/** How far the ports of an instance are from those of the one before it, unless any free ones do. */
const INSTANCE_STEP = 10;

/** Different free ports for everything. */
export async function findFreePorts(): Promise<Ports> {
  return Object.fromEntries(await nameFreePorts(portNames, new Set())) as Ports;
}

async function nameFreePorts<Name extends PortName>(
  names: readonly Name[],
  taken: ReadonlySet<number>,
): Promise<[Name, number][]> {
  const found = new Set<number>();
  for (let attempt = 0; attempt < attempts && found.size < names.length; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (!taken.has(port) && !found.has(port) && (await isPortFree(port))) found.add(port);
  }
  const ports = [...found];
  if (ports.length < names.length) throw new Error(`found no ${names.length} free ports`);
  return names.map((name, index) => [name, ports[index]!]);
}

/** The ports as each instance sees them: its own, and those of what all share. `free` finds some, else they follow the first's. */
export async function portsOfInstances(
  first: Ports,
  count: number,
  free: boolean,
): Promise<readonly Ports[]> {
  if (!Number.isInteger(count) || count < 1 || count > INSTANCES_MAX)
    throw new Error(`There are 1 to ${INSTANCES_MAX} instances`);
  const all = [first];
  while (all.length < count) {
    const taken = new Set(all.flatMap((ports) => Object.values(ports)));
    const beyond = (name: ReplicatedService) => first[name] + INSTANCE_STEP * all.length;
    const own = free
      ? await nameFreePorts(replicatedServices, taken)
      : replicatedServices.map((name) => [name, beyond(name)] as const);
    all.push({ ...first, ...Object.fromEntries(own) });
  }
  return all;
}

/** Throws one error that names every port that another program has, and how to choose another. */
export async function assertPortsFree(ports: Ports, used: readonly PortName[]): Promise<void> {
  const free = await Promise.all(used.map((name) => isPortFree(ports[name])));
  const taken = used.filter((_name, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = taken.map(
    (name) =>
      `Port ${ports[name]}, wanted for ${name}, is taken by another program: ` +
      `stop that, or set ${portVariable(name)} or --${portFlag(name)}.`,
  );
  throw new Error(lines.join('\n'));
}
