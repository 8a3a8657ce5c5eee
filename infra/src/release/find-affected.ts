import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVICE_NAMES, type ServiceName } from '../environments.ts';

const run = promisify(execFile);
const timeoutMs = 120_000;
const maxOutputBytes = 16 << 20;
const commit = /^[0-9a-f]{40}$/;

// What goes into every image without being anybody's source.
const inEveryImage =
  /^(Dockerfile|\.dockerignore|\.npmrc|package\.json|package-lock\.json|tsconfig\.base\.json|tools\/build\/)/;

async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: root, timeout: timeoutMs, maxBuffer: maxOutputBytes });
  return stdout;
}

async function isHere(root: string, sha: string): Promise<boolean> {
  return git(root, 'cat-file', '-e', `${sha}^{commit}`).then(
    () => true,
    () => false,
  );
}

/** A build's checkout is shallow, so the serving commit is fetched by its name. */
async function obtain(root: string, sha: string): Promise<boolean> {
  if (await isHere(root, sha)) return true;
  await git(root, 'fetch', '--quiet', '--depth=1', 'origin', sha).catch(() => undefined);
  return isHere(root, sha);
}

async function affectedProjects(root: string, base: string): Promise<string[]> {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const args = [nx, 'show', 'projects', '--affected', `--base=${base}`, '--head=HEAD', '--json'];
  const env = { ...process.env, NX_DAEMON: 'false' };
  const { stdout } = await run(process.execPath, args, {
    cwd: root,
    timeout: timeoutMs,
    maxBuffer: maxOutputBytes,
    env,
  });
  return JSON.parse(stdout) as string[];
}

/** The apps whose images would differ between the commit `base` and HEAD of the repository; null when `base` cannot be had. */
export async function findAffectedApps(root: string, base: string): Promise<ReadonlySet<ServiceName> | null> {
  if (!commit.test(base) || !(await obtain(root, base))) return null;
  const changed = (await git(root, 'diff', '--name-only', '--no-renames', base, 'HEAD')).split('\n');
  if (changed.some((path) => inEveryImage.test(path))) return new Set(SERVICE_NAMES);
  const projects = await affectedProjects(root, base);
  return new Set(SERVICE_NAMES.filter((name) => projects.includes(`@agent-registry/${name}`)));
}
