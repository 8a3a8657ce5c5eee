import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive, type ProcessIdentity, sendSignal, waitUntil } from '@agent-registry/servers';

const politeMs = 5_000;
const forcedMs = 5_000;

export interface PidFiles {
  write(name: string, pid: number): void;
  remove(name: string): void;
}

/** Remembers which processes run, by pid and start time, for the next start in case this one cannot end them. */
export function openPidFiles(directory: string): PidFiles {
  mkdirSync(directory, { recursive: true });
  const file = (name: string) => join(directory, `${name}.json`);
  return {
    write: (name, pid) => writeFileSync(file(name), JSON.stringify(identify(pid))),
    remove: (name) => rmSync(file(name), { force: true }),
  };
}

function readIdentity(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity | null;
  } catch {
    return null; // Half written by a process that was killed: then it had just been started, under a death watch.
  }
}

async function end(process: ProcessIdentity): Promise<void> {
  const isGone = () => !isAlive(process);
  sendSignal(process.pid, 'SIGTERM');
  if (!(await waitUntil(isGone, { timeoutMs: politeMs }))) {
    sendSignal(process.pid, 'SIGKILL');
    await waitUntil(isGone, { timeoutMs: forcedMs });
  }
  sendSignal(-process.pid, 'SIGKILL');
}

/** Ends what an earlier supervisor left behind. The caller holds the data directory, so no living supervisor has them. */
export async function endLeftovers(directory: string, log: (line: string) => void): Promise<void> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  await Promise.all(
    files.map(async (name) => {
      const identity = readIdentity(join(directory, name));
      if (identity !== null && isAlive(identity)) {
        log(
          `ending ${name.replace('.json', '')} (process ${identity.pid}), which an earlier run left behind`,
        );
        await end(identity);
      }
      rmSync(join(directory, name), { force: true });
    }),
  );
}
