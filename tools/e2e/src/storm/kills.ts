import { waitUntil } from '@agent-registry/servers';
import type { ServiceName, Stack } from '@agent-registry/stack';

/** How Postgres fails over: it takes no writes for a while, or shuts down in order and starts again. */
export type Failover = 'read-only' | 'restart';

export interface Kill {
  readonly part: ServiceName | Failover;
  /** Unix ms. */
  readonly atMs: number;
  /** When it served again. */
  readonly readyAtMs: number;
}

const REVIVAL_MS = 120_000;

/** Kills a part, with -9 unless another signal is named, and waits until it serves again. */
export async function killOnce<P extends ServiceName>(
  stack: Stack,
  part: P,
  { signal, by = 'SIGKILL' }: { signal?: AbortSignal; by?: NodeJS.Signals } = {},
) {
  await stack.whenReady(part);
  const pid = stack.pid(part);
  const atMs = Date.now();
  stack.kill(part, by);
  const isAnother = () => stack.pid(part) !== pid && stack.pid(part) !== null;
  if (!(await waitUntil(isAnother, { timeoutMs: REVIVAL_MS, ...(signal && { signal }) })))
    throw new Error(`${part} was not started again`);
  await stack.whenReady(part);
  return { part, atMs, readyAtMs: Date.now() };
}
