import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxContext } from '../../src/sandbox/bwrap/launcher.ts';
import { writeProcMasks } from '../../src/sandbox/bwrap/proc-masks.ts';
import { createScratch } from '../../src/sandbox/bwrap/scratch.ts';
import { findGroups } from '../../src/sandbox/cgroup/find-cgroups.ts';
import { allowedProcessors } from '../../src/sandbox/pool/processors.ts';
import { createSlots } from '../../src/sandbox/pool/slots.ts';
import { findInterpreters, type Interpreter } from '../../src/sandbox/runtimes.ts';
import { seccompFilter } from '../../src/sandbox/seccomp/seccomp.ts';

/** What sandboxes are made with, for tests that make them one by one. */
export function makeContext(): {
  context: SandboxContext;
  bash: Interpreter;
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
    bash: findInterpreters(scratch.path).find(({ name }) => name === 'bash:5') as Interpreter,
    remove: () => {
      groups?.close();
      return scratch.remove();
    },
  };
}
