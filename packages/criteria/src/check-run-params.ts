import type { ScriptRuntime } from '@agent-registry/schemas';
import { storableText } from '@agent-registry/schemas';
import { own, type Problems, report } from './problems.ts';
import { defaultRuntime, resolveRuntime } from './runtimes.ts';

/** What strangers' code runs in. */
export interface RunParams {
  readonly runtime: ScriptRuntime;
  /** As asked for; null means the runner's default. The runner clamps both. */
  readonly timeoutSeconds: number | null;
  readonly memoryLimitMb: number | null;
}

/** Checks `runtime`, `timeout_seconds` and `memory_limit_mb`. `at` gives the path of a member. */
export function checkRunParams(
  problems: Problems,
  at: (key: string) => string,
  params: Record<string, unknown>,
): RunParams | null {
  const before = problems.errors.length;
  const runtime = checkRuntime(problems, at('runtime'), own(params, 'runtime') ?? defaultRuntime);
  const timeout = own(params, 'timeout_seconds') ?? null;
  const timeoutSeconds = timeout === null ? null : checkPositive(problems, at('timeout_seconds'), timeout);
  const memory = own(params, 'memory_limit_mb') ?? null;
  const memoryLimitMb = memory === null ? null : checkPositive(problems, at('memory_limit_mb'), memory);
  return problems.errors.length > before || runtime === null
    ? null
    : { runtime, timeoutSeconds, memoryLimitMb };
}

export function checkPositive(problems: Problems, path: string, value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  return report(problems, path, 'must be a number above 0');
}

function checkRuntime(problems: Problems, path: string, value: unknown): ScriptRuntime | null {
  const runtime = typeof value === 'string' ? resolveRuntime(value) : null;
  const offered = problems.offeredRuntimes;
  if (runtime !== null && offered.includes(runtime)) return runtime;
  const named = typeof value === 'string' ? JSON.stringify(storableText(value, 50)) : 'this';
  return report(problems, path, `${named} is not offered here; offered: ${offered.join(', ') || 'none'}`);
}
