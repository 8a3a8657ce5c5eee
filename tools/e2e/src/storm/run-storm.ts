import { setTimeout as delay } from 'node:timers/promises';
import { createOperatorClient } from '@agent-registry/client';
import { auditLedger } from '@agent-registry/operator';
import type { Stack } from '@agent-registry/stack';
import { countOpen, readBooks } from './books.ts';
import { killAtRandom } from './kill-at-random.ts';
import type { Kill } from './kills.ts';
import { produce } from './produce.ts';
import { createRandom } from './random.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import { openTargets, type Targets } from './targets.ts';

export interface StormOptions {
  /** How many; a few more may happen. */
  readonly events: number;
  /** How often each of api, dispatcher, emulator and Postgres is killed. */
  readonly kills: number;
  /** Agents; nothing listens at one endpoint in ten. */
  readonly targets: number;
  /** Calls of the API at once. */
  readonly callers: number;
  readonly seed: number;
  /** WEBHOOK_DELAY_UNIT_MS of the stack. */
  readonly unitMs: number;
  /** How long what is left may take after the last call and the last kill. What is then pending is counted as pending. */
  readonly drainMs: number;
  readonly signal?: AbortSignal;
  /** Told now and then how far it has come. */
  readonly say?: (line: string) => void;
}

export interface StormReport extends Reconciliation {
  readonly events: number;
  /** Jobs that several wanted to end at once. */
  readonly contests: number;
  readonly deliveries: number;
  readonly kills: readonly Kill[];
  readonly producedMs: number;
  readonly drainedMs: number;
}

/** Settings of the services under which a storm ends soon and says only what went wrong. */
export function stormOverrides(unitMs: number): Record<string, string> {
  return { WEBHOOK_DELAY_UNIT_MS: String(unitMs), LOG_LEVEL: 'warn' };
}

// An outage of the registry is not the caller's business here: calls are repeated under their Idempotency-Key until they succeed.
const PATIENCE = { maxRetries: 1_000, timeoutMs: 30_000 };
const PROGRESS_MS = 5_000;
const POLL_MS = 500;

/**
 * Makes events by the thousand on a stack started with `stormOverrides`, kills its parts meanwhile, waits until everything has
 * come to an end, and reconciles what was acknowledged with what came and what is stored. Rejects when a call is refused or the signal aborts; what is lost is no
 * rejection but a fault in the report.
 */
export async function runStorm(stack: Stack, options: StormOptions): Promise<StormReport> {
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(options.signal ? [options.signal] : [])]);
  const targets = await openTargets({ baseUrl: stack.apiUrl, ...PATIENCE }, options.targets);
  try {
    return await blow(stack, targets, options, signal);
  } finally {
    failing.abort();
    targets.close();
  }
}

async function blow(
  stack: Stack,
  targets: Targets,
  options: StormOptions,
  signal: AbortSignal,
): Promise<StormReport> {
  const { seed, unitMs, drainMs } = options;
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  const say = (line: string) => options.say?.(`${seconds(elapsedMs())}: ${line}`);
  const operator = createOperatorClient({
    baseUrl: stack.apiUrl,
    operatorKey: stack.operatorKey,
    ...PATIENCE,
  });
  const { owed, done } = produce(targets.all, { ...options, operator, random: createRandom(seed), signal });
  const timer = setInterval(
    () => say(`${owed.count()} events, ${targets.receipts.size} received`),
    PROGRESS_MS,
  );
  const killing = killAtRandom(stack, owed, {
    events: options.events,
    each: options.kills,
    random: createRandom(seed + 1),
    signal,
    onKill: ({ part, atMs, readyAtMs }) => say(`killed ${part}, back after ${seconds(readyAtMs - atMs)}`),
  });
  try {
    const [kills, producedMs] = await Promise.all([killing, done.then(elapsedMs)]);
    const url = stack.database.url('registry_owner');
    say('all events are made');
    await drain(url, drainMs, signal, say);
    const drainedMs = elapsedMs();
    const [books, audit] = [await readBooks(url), await auditLedger(url)];
    const found = reconcile({ owed, targets, books, audit, kills }, unitMs);
    const deliveries = books.deliveries.length;
    const contests = owed.contests.length;
    return { ...found, events: owed.count(), contests, deliveries, kills, producedMs, drainedMs };
  } finally {
    clearInterval(timer);
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

async function drain(
  url: string,
  drainMs: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const deadline = performance.now() + drainMs;
  for (let saidAt = 0; ; ) {
    const { pending, outbox } = await countOpen(url);
    if ((pending === 0 && outbox === 0) || performance.now() > deadline) return;
    if (performance.now() - saidAt > PROGRESS_MS) {
      say(`${pending} deliveries pending, ${outbox} outbox entries`);
      saidAt = performance.now();
    }
    await delay(POLL_MS, undefined, { signal });
  }
}
