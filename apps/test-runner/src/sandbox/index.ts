import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { IsolationReport } from '@agent-registry/schemas';
import type { ScriptBackend } from '../backend.ts';
import { createBackend } from './backend.ts';
import type { SandboxContext } from './bwrap/launcher.ts';
import { writeProcMasks } from './bwrap/proc-masks.ts';
import { createScratch } from './bwrap/scratch.ts';
import { closeStrayDescriptors } from './bwrap/stray-descriptors.ts';
import type { GroupParent } from './cgroup/cgroup.ts';
import { findGroups } from './cgroup/find-cgroups.ts';
import { allowedProcessors } from './pool/processors.ts';
import { createSlots } from './pool/slots.ts';
import { findInterpreters } from './runtimes.ts';
import type { SandboxLimits } from './sandbox.ts';
import { filteredArchitectures, seccompFilter } from './seccomp/seccomp.ts';
import { type SelfTest, selfTest } from './self-test.ts';
import { whyBlind } from './watch/watchdog-sight.ts';

export { closeStrayDescriptors } from './bwrap/stray-descriptors.ts';

/** How the sandboxes of this process are made. */
export interface SandboxOptions {
  /** The most that any script may have. */
  readonly maxLimits: SandboxLimits;
  /** Whether memory may be bounded by watching where the kernel offers no writable group. Two scripts at a time. */
  readonly allowWatchdog: boolean;
  /** Interpreters of each kind that wait in reserve. Default: one for each processor, at most four. */
  readonly poolSize?: number;
  /** Scripts at one time. Default: one for each processor. */
  readonly concurrency?: number;
  /** For tests: as if the kernel offered no groups. */
  readonly withoutGroups?: boolean;
}

/** What was found at boot. `backend` is null when nothing holds, and then the report says why. */
export interface SandboxResult {
  readonly backend: ScriptBackend | null;
  readonly report: IsolationReport;
}

const backendName = 'bubblewrap';
const bwrapPlaces = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'];
/** Of util-linux: what sets limits, and what sets the processor. */
const utilities = ['/usr/bin', '/usr/local/bin', '/bin'];
const maxPoolSize = 4;

/** The watchdog polls every process each 25 ms; few scripts at a time bound what they can do between two polls. */
const watchdogConcurrency = 2;

/**
 * Finds the strongest isolation that this machine offers, by trying it: groups of the kernel first, the watchdog
 * if allowed, else none. Never rejects for want of isolation: the report says what is missing.
 */
export async function createSandboxBackend(options: SandboxOptions): Promise<SandboxResult> {
  const bwrap = bwrapPlaces.find((path) => existsSync(path));
  if (process.platform !== 'linux' || bwrap === undefined) {
    return refuse('bubblewrap (bwrap) is not installed');
  }
  const [prlimit, taskset] = ['prlimit', 'taskset'].map((name) =>
    utilities.map((place) => join(place, name)).find((path) => existsSync(path)),
  );
  if (prlimit === undefined || taskset === undefined) {
    return refuse('prlimit and taskset, of util-linux, are not installed');
  }
  if (!filteredArchitectures.includes(process.arch)) {
    return refuse(`there is no system call filter for ${process.arch}: x86-64 only`);
  }
  closeStrayDescriptors();
  const scratch = createScratch();
  try {
    const filter = join(scratch.path, 'filter');
    writeFileSync(filter, seccompFilter(), { mode: 0o444 });
    const found = options.withoutGroups ? { reason: 'not asked for' } : findGroups();
    const groups = 'parent' in found ? found.parent : null;
    const whyNoGroups = 'reason' in found ? found.reason : null;
    const context = {
      programs: { bwrap, prlimit, taskset },
      filter,
      scratch,
      slots: createSlots(),
      masks: writeProcMasks(scratch.path, options.maxLimits.memoryBytes),
      processors: allowedProcessors(),
    };
    return await choose({ ...context, groups }, whyNoGroups, options);
  } catch (error) {
    await scratch.remove();
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Tries with groups, then without. */
async function choose(
  context: SandboxContext,
  whyNoGroups: string | null,
  options: SandboxOptions,
): Promise<SandboxResult> {
  const interpreters = findInterpreters(context.scratch.path);
  const give = (tried: SandboxContext, { countsFiles }: SelfTest) => {
    const concurrency = concurrencyOf(tried.groups, options);
    const report = reportOf(tried, whyNoGroups, concurrency, countsFiles);
    const poolSize = options.poolSize ?? Math.min(concurrency, maxPoolSize);
    const sizes = { maxLimits: options.maxLimits, poolSize, concurrency };
    const backend = createBackend(tried, interpreters, report, sizes, () => {
      context.groups?.close();
      return context.scratch.remove();
    });
    return { backend, report };
  };
  let reason = whyNoGroups;
  if (context.groups !== null) {
    const tested = await selfTest(context, interpreters);
    if (tested.flaw === null) {
      return give(context, tested);
    }
    reason = tested.flaw;
  }
  const blind = whyBlind(process.getuid?.() ?? 0);
  if (options.allowWatchdog && blind === null) {
    const watched = { ...context, groups: null };
    const tested = await selfTest(watched, interpreters);
    if (tested.flaw === null) {
      return give(watched, tested);
    }
    reason = tested.flaw;
  } else {
    reason = `${reason}; ${blind ?? 'bounding memory by watching is not allowed by the configuration'}`;
  }
  context.groups?.close();
  await context.scratch.remove();
  return refuse(reason ?? 'no isolation');
}

function concurrencyOf(groups: GroupParent | null, options: SandboxOptions): number {
  const wanted = options.concurrency ?? availableParallelism();
  return groups === null ? Math.min(wanted, watchdogConcurrency) : wanted;
}

function reportOf(
  context: SandboxContext,
  whyNoGroups: string | null,
  concurrency: number,
  countsFiles: boolean,
): IsolationReport {
  return {
    backend: backendName,
    available: true,
    reason: null,
    facts: {
      version: bwrapVersion(context.programs.bwrap),
      user_namespace: true,
      seccomp: 'allow-list',
      memory: context.groups?.kind ?? 'watchdog',
      files: countsFiles ? 'counted' : 'bounded by memory',
      ...(whyNoGroups === null ? {} : { no_cgroup: whyNoGroups }),
      runs_as: process.getuid?.() === 0 ? 'a user of its own' : "the runner's user",
      concurrency,
    },
  };
}

function bwrapVersion(bwrap: string): string {
  return execFileSync(bwrap, ['--version'], { env: {}, encoding: 'utf8' }).trim().split(' ').at(-1) ?? '';
}

function refuse(reason: string): SandboxResult {
  return { backend: null, report: { backend: backendName, available: false, reason, facts: {} } };
}
