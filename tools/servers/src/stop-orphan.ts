import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, identify, isAlive, sendSignal } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const fastStopMs = 10_000;
const immediateStopMs = 5_000;
const backendsEndMs = 10_000;

function recordedPid(cluster: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10);
    return pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** Processes whose working directory is the cluster: Postgres and all its backends stay there. Linux only. */
function processesIn(cluster: string): number[] {
  if (process.platform !== 'linux') return [];
  const directory = realpathSync(cluster);
  return readdirSync('/proc').flatMap((entry) => {
    try {
      return /^\d+$/.test(entry) && readlinkSync(`/proc/${entry}/cwd`) === directory ? [Number(entry)] : [];
    } catch {
      return []; // Ended meanwhile, or somebody else's.
    }
  });
}

async function stopPostmaster(pid: number): Promise<void> {
  const orphan = identify(pid);
  if (orphan === null) return;
  const gone = () => !isAlive(orphan);
  for (const [signal, timeoutMs] of [
    ['SIGINT', fastStopMs],
    ['SIGQUIT', immediateStopMs],
  ] as const) {
    sendSignal(pid, signal);
    if (await waitUntil(gone, { timeoutMs })) return;
  }
  sendSignal(pid, 'SIGKILL');
  await waitUntil(gone, { timeoutMs: immediateStopMs });
}

// Backends whose postmaster was killed end by themselves, but one in a long computation notices late. Without a postmaster
// nothing they did and did not commit is kept, so ending them loses nothing; a second postmaster beside them would.
async function endStrayBackends(cluster: string): Promise<void> {
  const empty = () => processesIn(cluster).length === 0;
  if (await waitUntil(empty, { timeoutMs: backendsEndMs })) return;
  for (const pid of processesIn(cluster)) sendSignal(pid, 'SIGKILL');
  if (!(await waitUntil(empty, { timeoutMs: immediateStopMs }))) {
    throw new Error(`processes ${processesIn(cluster).join(', ')} still use ${cluster}`);
  }
}

/**
 * Stops the Postgres that a supervisor's kill -9 left behind on this cluster, and forgets a pid file whose number belongs to
 * an unrelated process by now. The caller must hold the directory's lock: a living supervisor's Postgres is no orphan.
 */
export async function stopOrphan(cluster: string, log: (line: string) => void): Promise<void> {
  const pid = recordedPid(cluster);
  if (pid === null) return;
  const command = commandLine(pid);
  if (command.includes(cluster)) {
    log(`stopping process ${pid}, a Postgres that an earlier run left behind`);
    await stopPostmaster(pid);
  }
  await endStrayBackends(cluster);
  if (recordedPid(cluster) === pid && identify(pid) !== null)
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
}
