import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who a process runs as; empty means as ourselves. */
export interface OsUser {
  readonly uid?: number;
  readonly gid?: number;
}

const nobody = 65_534;
const probeTimeoutMs = 5_000;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Asks the kernel itself, as that OS user, so that groups, ACLs and mounts count too. */
export function mayEnter(osUser: OsUser, directory: string): boolean {
  if (osUser.uid === undefined) return true;
  const probe = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], {
    ...osUser,
    cwd: '/',
    stdio: 'ignore',
    timeout: probeTimeoutMs,
  });
  return probe.status === 0;
}

function ownerOf(path: string): OsUser {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { uid, gid } = statSync(existing);
  return { uid, gid };
}

/**
 * The OS user that Postgres runs as. Postgres refuses root, so root lends it the OS user that owns the place (a
 * repository mounted from a user's home, data made by an earlier run) or else nobody's; everybody else runs it as themselves.
 */
export function chooseOsUser(place: string): OsUser {
  if (!isRoot()) return {};
  const owner = ownerOf(place);
  return owner.uid === 0 ? { uid: nobody, gid: nobody } : owner;
}
