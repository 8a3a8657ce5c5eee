import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chooseOsUser, mayEnter, type OsUser } from './os-user.ts';

/** Where one Postgres keeps everything, and the OS user that may enter it. */
export interface Home {
  readonly directory: string;
  readonly osUser: OsUser;
  readonly temporary: boolean;
}

const elsewhere = '/var/lib/agent-registry';

/** Passable for the OS user and writable for us alone; what is secret in it has modes of its own. */
function makePassable(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const ours = process.getuid?.();
  if (ours === 0 || ours === undefined) chmodSync(directory, 0o755);
}

// A directory of root's, such as /root, lets nobody else in, and root must not run Postgres. Opening it would be worse than
// keeping the data beside it, so the data directory then only remembers where the data is.
function homeElsewhere(dataDir: string, log: (line: string) => void): string {
  const note = join(dataDir, 'elsewhere');
  if (!existsSync(note)) writeFileSync(note, join(elsewhere, randomUUID()));
  const directory = readFileSync(note, 'utf8').trim();
  log(
    `Postgres must not run as root, and the OS user it runs as cannot enter ${dataDir}; ` +
      `its data is in ${directory}, as ${note} remembers`,
  );
  makePassable(elsewhere);
  makePassable(directory);
  return directory;
}

/** Finds or makes the home; without a data directory it is a temporary one. */
export function prepareHome(dataDir: string | undefined, log: (line: string) => void): Home {
  if (dataDir === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'agent-registry-postgres-'));
    makePassable(directory);
    return { directory, osUser: chooseOsUser(join(directory, 'cluster')), temporary: true };
  }
  const wanted = resolve(dataDir);
  makePassable(wanted);
  const cluster = clusterDirectory(wanted);
  const osUser = chooseOsUser(cluster);
  if (mayEnter(osUser, wanted)) return { directory: wanted, osUser, temporary: false };
  const directory = homeElsewhere(wanted, log);
  return { directory, osUser: chooseOsUser(clusterDirectory(directory)), temporary: false };
}

/** The directory that Postgres itself calls its data directory. */
export function clusterDirectory(home: string): string {
  return join(home, 'cluster');
}

/** Makes a directory that belongs to the OS user alone. */
export function makePrivateDirectory(directory: string, osUser: OsUser): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (osUser.uid !== undefined && osUser.gid !== undefined) chownSync(directory, osUser.uid, osUser.gid);
}
