import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Python {
  readonly path: string;
  /** Such as 3.10. */
  readonly version: string;
}

const minor = (version: string): number => Number(version.split('.')[1]);

/** The Pythons of the machine that can make environments, oldest first, from 3.10: by PATH, and those of pyenv. */
export function findPythons(): readonly Python[] {
  const pyenv = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const versions = existsSync(pyenv) ? readdirSync(pyenv) : [];
  const paths = ['python3', ...versions.map((version) => join(pyenv, version, 'bin/python3'))];
  const found = new Map<string, Python>();
  for (const path of paths) {
    const script = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
    const version = spawnSync(path, ['-c', script], { encoding: 'utf8' }).stdout?.trim();
    if (version && minor(version) >= 10) found.set(version, { path, version });
  }
  return [...found.values()].sort((a, b) => minor(a.version) - minor(b.version));
}

/** Whether PyPI, or what pip is told to use for it, answers. */
export function hasPyPi({ path }: Python): boolean {
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--dest',
    '/dev/null/none',
    '--retries',
    '0',
    '--timeout',
    '10',
  ];
  const { stderr } = spawnSync(path, [...args, 'hatchling==1.27.0'], { encoding: 'utf8' });
  return !/Retrying|No module named pip|Could not find a version/.test(stderr);
}

/** Makes an environment and installs into it. Resolves to its folder of programs. */
export async function makeEnvironment(
  { path }: Python,
  directory: string,
  packages: readonly string[],
): Promise<string> {
  await run(path, ['-m', 'venv', '--without-pip', directory]);
  const bin = join(directory, 'bin');
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-warn-script-location'];
  await run(path, ['-m', 'pip', '--python', join(bin, 'python'), 'install', ...quiet, ...packages]);
  return bin;
}
