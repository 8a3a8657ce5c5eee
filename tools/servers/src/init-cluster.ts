import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { clusterDirectory, type Home, makePrivateDirectory } from './home.ts';
import type { OsUser } from './os-user.ts';

const run = promisify(execFile);
const initTimeoutMs = 60_000;
const passwordFile = 'superuser-password';

function writePrivate(file: string, text: string, osUser: OsUser = {}): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (osUser.uid !== undefined && osUser.gid !== undefined) chownSync(file, osUser.uid, osUser.gid);
}

// macOS has no C.UTF-8, but knows the character types by this name.
const locale = process.platform === 'darwin' ? ['--lc-collate=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8'];

async function createCluster(home: Home, binaries: Binaries, password: string, sync: boolean): Promise<void> {
  const unfinished = join(home.directory, 'cluster.unfinished');
  const secret = join(home.directory, 'initdb-password');
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateDirectory(unfinished, home.osUser);
  writePrivate(secret, password, home.osUser);
  const args = [
    '--pgdata',
    unfinished,
    '--username=postgres',
    '--pwfile',
    secret,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-instructions',
    '--data-checksums',
    ...locale,
    '--lc-messages=C',
    ...(sync ? [] : ['--no-sync']),
  ];
  try {
    await run(binaries.initdb, args, {
      ...home.osUser,
      cwd: '/',
      timeout: initTimeoutMs,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`initdb failed in ${unfinished}: ${stderr?.trim() || String(error)}`, { cause: error });
  } finally {
    rmSync(secret, { force: true });
  }
  // Only a finished cluster gets the name, so an interrupted first start leaves nothing that looks like data.
  renameSync(unfinished, clusterDirectory(home.directory));
}

/**
 * Makes the cluster on the first start; answers its superuser's password, random and kept in the home with mode 0600.
 * `sync: false` skips flushing to disk, for data that nobody will miss.
 */
export async function ensureCluster(home: Home, binaries: Binaries, sync: boolean): Promise<string> {
  const file = join(home.directory, passwordFile);
  if (existsSync(join(clusterDirectory(home.directory), 'PG_VERSION'))) {
    return readFileSync(file, 'utf8').trim();
  }
  const password = randomBytes(24).toString('base64url');
  writePrivate(file, password, home.osUser);
  await createCluster(home, binaries, password, sync);
  return password;
}
