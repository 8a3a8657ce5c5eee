import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who a process runs as; empty means as ourselves. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const nobody = 65_534;
const probeTimeoutMs = 5_000;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Asks the kernel itself, as that account, so that groups, ACLs and mounts count too. */
export function mayEnter(account: Account, directory: string): boolean {
  if (account.uid === undefined) return true;
  const probe = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
    timeout: probeTimeoutMs,
  });
  return probe.status === 0;
}

function ownerOf(path: string): Account {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { uid, gid } = statSync(existing);
  return { uid, gid };
}

/**
 * The account that Postgres runs as. Postgres refuses root, so root lends it the account that owns the place (a
 * repository mounted from a user's home, data made by an earlier run) or else nobody's; everybody else runs it as themselves.
 */
export function chooseAccount(place: string): Account {
  if (!isRoot()) return {};
  const owner = ownerOf(place);
  return owner.uid === 0 ? { uid: nobody, gid: nobody } : owner;
}
