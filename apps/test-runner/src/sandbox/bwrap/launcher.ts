import type { ChildProcess } from 'node:child_process';
import { closeSync, writeFileSync } from 'node:fs';
import type { Group, GroupLimits, GroupParent } from '../cgroup/cgroup.ts';
import { removeGroupOf } from '../cgroup/remove-group.ts';
import type { Slots } from '../pool/slots.ts';
import type { Bind, Programs } from './bubblewrap.ts';
import type { Scratch } from './scratch.ts';
import { type OurEnds, spawnBwrap } from './spawn-bwrap.ts';

/** What every sandbox of one backend is made with. */
export interface SandboxContext {
  readonly programs: Programs;
  /** Path of the file with the system call filter. */
  readonly filter: string;
  readonly scratch: Scratch;
  readonly groups: GroupParent | null;
  readonly slots: Slots;
  /** What covers the files of /proc that tell of the host. */
  readonly masks: readonly Bind[];
  /** The processors that sandboxes may run on. */
  readonly processors: readonly number[];
}

/** A bwrap that waits for its options, already in its control group: what can be done before a script is there. */
export interface Launcher {
  readonly slot: number;
  /** The one that all of it runs on. */
  readonly processor: number;
  readonly group: Group | null;
  readonly child: ChildProcess;
  readonly ours: OurEnds;
  readonly exited: Promise<void>;
  hasExited(): boolean;
}

/** Starts a bwrap. Throws when it cannot even be spawned. */
export function createLauncher(context: SandboxContext, limits: GroupLimits, processor: number): Launcher {
  const slot = context.slots.acquire();
  let group: Group | null = null;
  try {
    group = context.groups?.create(limits) ?? null;
    const { child, ours } = spawnBwrap(context, group?.entrances ?? [], { slot, processor });
    let gone = false;
    const exited = new Promise<void>((resolve) => {
      const onGone = () => {
        gone = true;
        resolve();
      };
      child.once('error', onGone);
      child.once('exit', onGone);
    });
    if (child.pid !== undefined) {
      raiseOomScore(child.pid);
    }
    return { slot, processor, group, child, ours, exited, hasExited: () => gone };
  } catch (error) {
    group?.remove();
    context.slots.release(slot);
    throw error;
  }
}

/** Ends a launcher that was never used. */
export async function discardLauncher(context: SandboxContext, launcher: Launcher): Promise<void> {
  launcher.child.kill('SIGKILL');
  for (const fd of Object.values(launcher.ours)) {
    closeSync(fd);
  }
  await launcher.exited;
  await releaseLauncher(context, launcher);
}

/** Releases the control group and the slot of a dead launcher or sandbox. */
export async function releaseLauncher(context: SandboxContext, { group, slot }: Launcher): Promise<void> {
  if (group !== null) {
    await removeGroupOf(group);
  }
  context.slots.release(slot);
}

/**
 * Raises the sandbox's OOM score, so that the kernel kills it first when memory is short, and not what inherits a runner's exemption.
 * Set by root, the process cannot lower it again.
 */
function raiseOomScore(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // Some containers refuse it; the memory limit does not depend on it.
  }
}
