import type { ChildProcess } from 'node:child_process';

/** Kills whichever of these processes are still there. `find` may throw: then there is none to be found. */
export function killEach(find: () => readonly number[]): void {
  try {
    for (const pid of find()) {
      killIfThere(pid);
    }
  } catch {
    // Their group or parent is gone, and they with it.
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in between.
  }
}

/** Interval between kill attempts, and how many of them target the first process before bwrap itself is killed. */
const retryMs = 5;
const triesAtFirstProcess = 20;

/**
 * Kills a sandbox through the first process of its namespace: with that the kernel kills all the others, however
 * they were started, and bwrap, its parent, reaps it. Only when there is no such process is it bwrap's turn:
 * killed first it would leave an orphan that a runner which is itself process 1 never reaps.
 */
export function createKill(
  child: ChildProcess,
  exited: Promise<void>,
  initPid: () => number | null,
): () => void {
  let timer: NodeJS.Timeout | null = null;
  let tries = 0;
  const attempt = () => {
    const pid = initPid();
    tries += 1;
    if (pid !== null) {
      killIfThere(pid);
    } else if (tries > triesAtFirstProcess) {
      child.kill('SIGKILL');
    }
  };
  void exited.then(() => {
    if (timer !== null) {
      clearInterval(timer);
    }
  });
  return () => {
    if (timer === null && child.exitCode === null && child.signalCode === null) {
      attempt();
      timer = setInterval(attempt, retryMs);
    }
  };
}
