import type { ScriptLimits, ScriptOutcome } from '../../backend.ts';
import type { Sandbox } from '../sandbox.ts';
import { readDisk, readProportional, readTree } from './process-table.ts';

/** A limit that was passed, as its outcome. */
export type Violation = Extract<
  ScriptOutcome['outcome'],
  'timeout' | 'cpu' | 'memory' | 'output' | 'processes' | 'disk'
>;

/** What was measured last, since the script started. */
export interface Measured {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

/** Polls the usage of one running script. */
export interface Watch {
  /** Polls once more: when the script has ended, and again when nothing of it is left. */
  measure(): Promise<Measured>;
  stop(): void;
}

const intervalMs = 25;

/** Descriptors of one sandbox, all processes together, where no control group counts the memory of their buffers. */
const maxDescriptors = 512;

/** Approximate maximum size of one socket's buffers. */
const bufferBytes = 280_000;

/** Below this much free memory of the machine a sandbox without a group is ended, whatever it seems to use. */
const machineReserveBytes = 96 * 1024 * 1024;

/** Polls in a row that may fail to see the sandbox before it counts as hiding. */
const maxBlindLooks = 4;

interface State {
  peakMemoryBytes: number;
  /** All that was used, of which the script used what came since `cpuBefore`. */
  totalCpuMs: number;
  cpuMs: number;
  blindLooks: number;
  confirming: Promise<void> | null;
}

/**
 * Starts to watch. `onViolation` is called for every limit that was exceeded; the first is the one that counts. `starved` is no
 * limit of the sandbox: a group above it had less to give.
 */
export function startWatch(
  sandbox: Sandbox,
  limits: ScriptLimits,
  onViolation: (violation: Violation | 'starved') => void,
): Watch {
  const state: State = { peakMemoryBytes: 0, totalCpuMs: 0, cpuMs: 0, blindLooks: 0, confirming: null };
  const watched: Watched = { sandbox, limits, state, onViolation, cpuBefore: null };
  lookAt(watched);
  watched.cpuBefore = state.totalCpuMs;
  const timer = setInterval(() => lookAt(watched), intervalMs);
  return {
    async measure() {
      lookAt(watched);
      await state.confirming;
      return { cpuMs: state.cpuMs, peakMemoryBytes: state.peakMemoryBytes };
    },
    stop: () => clearInterval(timer),
  };
}

interface Watched {
  readonly sandbox: Sandbox;
  readonly limits: ScriptLimits;
  readonly state: State;
  readonly onViolation: (violation: Violation | 'starved') => void;
  /** Null at the first look, which tells it. */
  cpuBefore: number | null;
}

function lookAt(watched: Watched): void {
  const { sandbox, state, onViolation } = watched;
  try {
    const groupCpuMs = lookAtGroup(watched);
    if (groupCpuMs !== null) {
      addCpu(watched, groupCpuMs);
    }
    const initPid = sandbox.initPid();
    if (initPid !== null) {
      const diskBytes = lookAtDisk(watched, initPid);
      if (groupCpuMs === null) {
        lookAtProcesses(watched, initPid, diskBytes);
      }
    }
    state.blindLooks = 0;
  } catch {
    // It may be ending just now. One that stays out of sight hides, and what hides is ended.
    state.blindLooks += 1;
    if (state.blindLooks > maxBlindLooks) {
      onViolation('memory');
    }
  }
}

function addCpu({ state, limits, cpuBefore, onViolation }: Watched, totalMs: number): void {
  state.totalCpuMs = totalMs;
  if (cpuBefore === null) {
    return;
  }
  state.cpuMs = Math.max(state.cpuMs, totalMs - cpuBefore);
  if (state.cpuMs > limits.cpuMs) {
    onViolation('cpu');
  }
}

/**
 * Bytes in /tmp and /dev/shm. Where a control group counts memory, which includes tmpfs files, they may be unreadable: root without
 * CAP_SYS_PTRACE, as in a container, cannot look into the sandboxes of other users.
 */
function lookAtDisk(watched: Watched, initPid: number): number {
  const { sandbox, limits, onViolation } = watched;
  try {
    const disk = readDisk(initPid);
    if (disk.bytes > limits.diskBytes || disk.files > limits.diskFiles) {
      onViolation('disk');
    }
    return disk.bytes + disk.sharedBytes;
  } catch (error) {
    if (sandbox.group === null) {
      throw error;
    }
    return 0;
  }
}

/** CPU time that the control group has counted; null without a group. */
function lookAtGroup({ sandbox, state, onViolation }: Watched): number | null {
  const usage = sandbox.usage();
  if (usage === null) {
    return null;
  }
  state.peakMemoryBytes = Math.max(state.peakMemoryBytes, usage.peakMemoryBytes);
  if (usage.oomKills > 0) {
    onViolation('memory');
  } else if (usage.refusedForks > 0) {
    onViolation('processes');
  } else if (usage.isStarved) {
    onViolation('starved');
  }
  return usage.cpuMs;
}

function lookAtProcesses(watched: Watched, initPid: number, diskBytes: number): void {
  const { sandbox, limits, state, onViolation } = watched;
  const tree = readTree(initPid);
  addCpu(watched, tree.cpuMs);
  if (sandbox.group !== null) {
    return;
  }
  const bytes = tree.residentBytes + diskBytes;
  if (tree.tasks > limits.processes) {
    onViolation('processes');
  } else if (tree.descriptors > maxDescriptors) {
    onViolation('memory');
  } else if (process.availableMemory() < machineReserveBytes) {
    // Socket buffers are not counted anywhere, so the maximum is assumed.
    const most = bytes + tree.descriptors * bufferBytes;
    onViolation(most > limits.memoryBytes ? 'memory' : 'starved');
  } else if (bytes <= limits.memoryBytes) {
    state.peakMemoryBytes = Math.max(state.peakMemoryBytes, bytes);
  } else {
    state.confirming ??= confirm(watched, initPid, diskBytes);
  }
}

/** Resident sizes count a shared page once per process, so an excess is confirmed by the proportional set size (PSS). */
async function confirm({ limits, state, onViolation }: Watched, initPid: number, diskBytes: number) {
  const bytes = await readProportional(initPid).then(
    (proportional) => proportional + diskBytes,
    () => null,
  );
  state.confirming = null;
  if (bytes !== null) {
    state.peakMemoryBytes = Math.max(state.peakMemoryBytes, bytes);
    if (bytes > limits.memoryBytes) {
      onViolation('memory');
    }
  }
}
