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
import { type Account, chooseAccount, mayEnter } from './account.ts';

/** Where one Postgres keeps everything, and the account that may enter it. */
export interface Home {
  readonly directory: string;
  readonly account: Account;
  readonly temporary: boolean;
}

const elsewhere = '/var/lib/agent-registry';

/** Passable for the account and writable for us alone; what is secret in it has modes of its own. */
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
    `Postgres must not run as root, and the account it runs as cannot enter ${dataDir}; ` +
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
    return { directory, account: chooseAccount(join(directory, 'cluster')), temporary: true };
  }
  const wanted = resolve(dataDir);
  makePassable(wanted);
  const cluster = clusterDirectory(wanted);
  const account = chooseAccount(cluster);
  if (mayEnter(account, wanted)) return { directory: wanted, account, temporary: false };
  const directory = homeElsewhere(wanted, log);
  return { directory, account: chooseAccount(clusterDirectory(directory)), temporary: false };
}

/** The directory that Postgres itself calls its data directory. */
export function clusterDirectory(home: string): string {
  return join(home, 'cluster');
}

/** Makes a directory that belongs to the account alone. */
export function makePrivateDirectory(directory: string, account: Account): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(directory, account.uid, account.gid);
}
