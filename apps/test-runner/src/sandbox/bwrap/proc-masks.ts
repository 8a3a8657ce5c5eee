import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bind } from './bubblewrap.ts';

/** Entries that are links, the processes' own, or say the same at all times and nothing of what the machine does. */
const harmless = new Set(
  `self thread-self mounts net acpi bus config.gz consoles devices dma driver execdomains filesystems iomem ioports
  kallsyms misc modules mtrr sysvipc tty version`.split(/\s+/),
);

/** What programs read to know their machine: one processor, the most memory that a script may have, and no load. */
const contents = (memoryBytes: number): Readonly<Record<string, string>> => ({
  cpuinfo:
    'processor\t: 0\nvendor_id\t: generic\nmodel name\t: generic\ncpu MHz\t\t: 1000.000\ncpu cores\t: 1\n\n',
  loadavg: '0.00 0.00 0.00 1/1 1\n',
  meminfo: ['MemTotal', 'MemFree', 'MemAvailable']
    .map((name) => `${name}: ${Math.floor(memoryBytes / 1024)} kB\n`)
    .join('')
    .concat('Buffers: 0 kB\nCached: 0 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n'),
  stat: [
    'cpu  0 0 0 0 0 0 0 0 0 0',
    'cpu0 0 0 0 0 0 0 0 0 0 0',
    'intr 0',
    'ctxt 0',
    'btime 0',
    'processes 1',
    'procs_running 1',
    'procs_blocked 0\n',
  ].join('\n'),
  uptime: '0.00 0.00\n',
});

/**
 * What covers the files of /proc that tell of the host or of other sandboxes: counters are a channel between two of
 * them, and a verdict must not depend on the machine. Whatever a kernel has beside the harmless is covered.
 *
 * @param directory where the covers are written: readable by every sandbox's user
 */
export function writeProcMasks(directory: string, memoryBytes: number, proc: string = '/proc'): Bind[] {
  const masks = join(directory, 'masks');
  const [nothing, emptyFile] = [join(masks, 'directory'), join(masks, 'file')];
  mkdirSync(nothing, { recursive: true, mode: 0o755 });
  writeFileSync(emptyFile, '', { mode: 0o444 });
  const filled = contents(memoryBytes);
  return readdirSync(proc)
    .filter((name) => !/^\d+$/.test(name) && !harmless.has(name) && othersMayRead(join(proc, name)))
    .map((name) => {
      const to = `/proc/${name}`;
      const text = filled[name];
      if (text === undefined) return { from: isDirectory(join(proc, name)) ? nothing : emptyFile, to };
      const from = join(masks, name);
      writeFileSync(from, text, { mode: 0o444 });
      return { from, to };
    });
}

/** What only the machine's root may read, a sandbox's user may not. */
function othersMayRead(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0;
}

function isDirectory(path: string): boolean {
  return statSync(path).isDirectory();
}
