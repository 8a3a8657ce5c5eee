import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { SandboxContext } from '../../src/sandbox/bwrap/launcher.ts';
import { writeProcMasks } from '../../src/sandbox/bwrap/proc-masks.ts';
import { createScratch } from '../../src/sandbox/bwrap/scratch.ts';
import { findGroups } from '../../src/sandbox/cgroup/find-cgroups.ts';
import { allowedProcessors } from '../../src/sandbox/pool/processors.ts';
import { createSlots } from '../../src/sandbox/pool/slots.ts';
import { findInterpreters, type Interpreter } from '../../src/sandbox/runtimes.ts';
import { seccompFilter } from '../../src/sandbox/seccomp/seccomp.ts';

/** `makeContext` for the tests of a block, removed after the last. */
export function useContext() {
  let made: ReturnType<typeof makeContext>;
  beforeAll(() => {
    made = makeContext();
  });
  afterAll(() => made.remove());
  return {
    get context(): SandboxContext {
      return made.context;
    },
    get bash(): Interpreter {
      return made.bash;
    },
  };
}

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
