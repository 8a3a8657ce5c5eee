import { randomInt } from 'node:crypto';
import { isPortFree } from '@agent-registry/servers';
import { type PortName, type Ports, portFlag, portNames, portVariable } from './services.ts';

// Below the range from which systems take the near end of outgoing connections: those would steal a port between the moment it
// is found free and the moment its service listens.
const lowest = 10_000;
const highest = 32_000;
const attempts = 200;

/** Different free ports for everything. */
export async function findFreePorts(): Promise<Ports> {
  const found = new Set<number>();
  for (let attempt = 0; attempt < attempts && found.size < portNames.length; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (!found.has(port) && (await isPortFree(port))) found.add(port);
  }
  const ports = [...found];
  if (ports.length < portNames.length) throw new Error(`found no ${portNames.length} free ports`);
  return Object.fromEntries(portNames.map((name, index) => [name, ports[index]])) as unknown as Ports;
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
