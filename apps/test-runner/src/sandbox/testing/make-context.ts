import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findGroups } from '../find-cgroups.ts';
import type { SandboxContext } from '../launcher.ts';
import { writeProcMasks } from '../proc-masks.ts';
import { allowedProcessors } from '../processors.ts';
import { findInterpreters, type Interpreter } from '../runtimes.ts';
import { createScratch } from '../scratch.ts';
import { seccompFilter } from '../seccomp.ts';
import { createSlots } from '../slots.ts';

/** What sandboxes are made with, for tests that make them one by one. */
export function makeContext(): {
  context: SandboxContext;
  interpreters: readonly Interpreter[];
  remove: () => Promise<void>;
} {
  const scratch = createScratch();
  const filter = join(scratch.path, 'filter');
  writeFileSync(filter, seccompFilter(), { mode: 0o444 });
  const found = findGroups();
  const groups = 'parent' in found ? found.parent : null;
  return {
    context: {
      programs: { bwrap: '/usr/bin/bwrap', prlimit: '/usr/bin/prlimit', taskset: '/usr/bin/taskset' },
      filter,
      scratch,
      groups,
      slots: createSlots(),
      masks: writeProcMasks(scratch.path, 256 * 1024 * 1024),
      processors: allowedProcessors(),
    },
    interpreters: findInterpreters(scratch.path),
    remove: () => {
      groups?.close();
      return scratch.remove();
    },
  };
}
