import type { ScriptLimits } from '../../src/backend.ts';
import type { SandboxLimits } from '../../src/sandbox/sandbox.ts';

const mebibyte = 1024 * 1024;

/** What scripts may have in production. */
export const attackLimits: ScriptLimits = {
  wallMs: 10_000,
  cpuMs: 10_000,
  memoryBytes: 256 * mebibyte,
  outputBytes: 4 * mebibyte,
  keptOutputBytes: 64 * 1024,
  processes: 64,
  diskBytes: 16 * mebibyte,
  diskFiles: 4096,
};

export const maxLimits: SandboxLimits = attackLimits;
