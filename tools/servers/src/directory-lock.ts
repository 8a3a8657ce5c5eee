import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

const attempts = 3;

function readHolder(file: string): ProcessIdentity | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isAlive(holder) ? holder : null;
  } catch {
    return null;
  }
}

/**
 * Takes a directory for this process until it releases it or ends, however it ends: a holder that is gone holds nothing.
 * Throws, naming the holder, when a living process has it (this process too, if it did not release it).
 */
export function lockDirectory(directory: string, what: string): { release(): void } {
  const file = join(directory, 'owner.json');
  const claim = join(directory, `owner.${process.pid}.json`);
  writeFileSync(claim, JSON.stringify(identify(process.pid)), { mode: 0o644 });
  try {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        linkSync(claim, file); // Fails if the name exists, so of two that try at once one wins.
        return { release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(file);
      if (holder !== null) {
        throw new Error(`${what} in ${directory} is in use by process ${holder.pid}; stop it first`);
      }
      rmSync(file, { force: true });
    }
    throw new Error(`${what} in ${directory} is being started by another process`);
  } finally {
    rmSync(claim, { force: true });
  }
}
