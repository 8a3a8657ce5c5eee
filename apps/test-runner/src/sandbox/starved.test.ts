import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { maxLimits } from '../../test/sandbox/attack-limits.ts';
import { whyNoSandbox } from '../../test/sandbox/availability.ts';
import { makeContext } from '../../test/sandbox/make-context.ts';
import { scriptJob } from '../../test/sandbox/script-job.ts';
import { BackendUnavailable } from '../backend.ts';
import type { SandboxContext } from './bwrap/launcher.ts';
import { findVersion1 } from './cgroup/cgroup-v1.ts';
import { readHierarchies } from './cgroup/find-cgroups.ts';
import { runScript } from './run-script.ts';
import type { Interpreter } from './runtimes.ts';
import { startSandbox } from './sandbox.ts';

const mebibyte = 1024 * 1024;

/** Directories for a container that is smaller than the scripts in it may be; null where none can be made. */
function makeContainer() {
  const wanted = readHierarchies('/proc/self').filter(
    ({ version, controllers }) =>
      version === 1 && (controllers.includes('memory') || controllers.includes('pids')),
  );
  const name = `agent-registry-test-container-${process.pid}`;
  try {
    const made = wanted.map((each) => ({ ...each, ownPath: join(each.ownPath, name) }));
    for (const { ownPath } of made) mkdirSync(ownPath);
    return made.some(({ controllers }) => controllers.includes('memory')) ? made : null;
  } catch {
    return null;
  }
}

const container = whyNoSandbox() === null ? makeContainer() : null;

(container === null ? describe.skip : describe)(
  `a container smaller than a script may be${container === null ? ' (needs writable groups of version 1)' : ''}`,
  () => {
    const hierarchies = container ?? [];
    let made: ReturnType<typeof makeContext>;
    let context: SandboxContext;
    let bash: Interpreter;

    const bound = (controller: string, file: string, value: number) => {
      const found = hierarchies.find(({ controllers }) => controllers.includes(controller));
      writeFileSync(join(found?.ownPath ?? '', file), String(value));
    };

    beforeAll(() => {
      made = makeContext();
      bash = made.bash;
      const found = findVersion1(hierarchies);
      if ('reason' in found) throw new Error(found.reason);
      context = { ...made.context, groups: found.parent };
    });
    afterAll(async () => {
      await made.remove();
      for (const { ownPath } of hierarchies) rmdirSync(ownPath);
    });

    const run = async (script: string, memoryBytes = maxLimits.memoryBytes) => {
      const job = scriptJob(script, { memoryBytes });
      const sandbox = startSandbox(context, bash, job.limits, 'with script');
      try {
        return await runScript(sandbox, job, new AbortController().signal);
      } finally {
        await sandbox.ended;
      }
    };

    test('a machine without memory that ends a script within its own limit is no verdict', async () => {
      bound('memory', 'memory.limit_in_bytes', 64 * mebibyte);
      await expect(run('tail /dev/zero')).rejects.toThrow(BackendUnavailable);
      expect(await run('tail /dev/zero', 32 * mebibyte)).toMatchObject({ outcome: 'memory' });
    });

    test('a machine that refuses a process to a script within its own limit is no verdict either', async () => {
      bound('memory', 'memory.limit_in_bytes', 1024 * mebibyte);
      bound('pids', 'pids.max', 16);
      await expect(run('for i in {1..30}; do sleep 5 & done; wait')).rejects.toThrow(BackendUnavailable);
    });
  },
);
