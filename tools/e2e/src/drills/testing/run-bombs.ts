import { setTimeout as delay } from 'node:timers/promises';
import { RegistryProblem } from '@agent-registry/client';
import { driveJob, openTown, type Parties, suite } from '../../testing/index.ts';
import { mustBecome } from './parts.ts';

export interface BombReport {
  /** Milliseconds from the honest delivery's answer to its verdict. */
  readonly rounds: readonly { readonly verdict: string; readonly message: string; readonly ms: number }[];
  /** How many bombs were delivered, or were refused and with what. */
  readonly bombs: Readonly<Record<string, number>>;
  readonly health: Readonly<Record<string, { readonly ms: number[]; failed: number }>>;
}

export interface BombOptions {
  readonly rounds: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** Told after each round. */
  readonly say: (line: string) => void;
}

const scriptTest = (runtime: string, source: string, timeoutSeconds: number) => ({
  test_id: runtime,
  type: 'script',
  params: { runtime, script: Buffer.from(source).toString('base64'), timeout_seconds: timeoutSeconds },
});
const honest = suite(scriptTest('python:3', 'import time; time.sleep(4)', 4.6));
const bombs = [
  scriptTest('javascript', 'for (;;) {}', 3),
  scriptTest('javascript', 'const all = []; for (;;) all.push(new Array(1e5).fill(1))', 3),
  scriptTest('python:3', 'a = []\nwhile True: a.append(bytearray(1 << 24))', 3),
  scriptTest('bash:5', 'f() { f | f & }; f; while :; do :; done', 3),
  scriptTest('node:24', 'for (;;) process.stdout.write("x".repeat(65536))', 3),
  {
    test_id: 'pattern',
    type: 'json_schema',
    params: { schema: { items: { pattern: '(a|a|aa|aaa){1,20}$' }, uniqueItems: true } },
  },
];
const bombResult = Array.from({ length: 100 }, (_, index) => `${'a'.repeat(200)}${index}`);
/** Deliveries on their way at once: an attacker's own sockets are bounded too. */
const mostUnderWay = 32;
/** As long as a round may take, for which there must be bombs. */
const ROUND_MS = 8_000;
const PREPARED_AT_ONCE = 4;

const deliver = (parties: Parties, acceptance_criteria: object, result: unknown): Promise<string> =>
  driveJob(parties, 'delivered', { max_budget: '1.00', acceptance_criteria, result });

/** Plays the drill on a running registry. */
export async function runBombs(
  stack: { readonly apiUrl: string; readonly runnerUrl: string },
  { rounds, everyMs, signal, say }: BombOptions,
): Promise<BombReport> {
  const town = await openTown({ baseUrl: stack.apiUrl });
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const health = { api: { ms: [], failed: 0 }, runner: { ms: [], failed: 0 } };
  const thrown: Record<string, number> = {};
  try {
    const settle = async (name: string) => {
      const agent = await town.settle(name);
      await agent.client.depositCredits({ amount: '5000.00' });
      return agent;
    };
    const parties = { client: await settle('client'), seller: await settle('seller') };
    const attackers = { client: await settle('attacker'), seller: await settle('accomplice') };
    // The registry hears of its sandbox with its first sweeps.
    await mustBecome('the sandbox is offered', () =>
      driveJob(parties, 'proposed', { acceptance_criteria: honest }).then(
        () => true,
        () => false,
      ),
    );
    // A client that has paid a fee has its own lane of the fair queue; without one it would share the attacker's.
    const first = await deliverHonest(parties, signal);
    if (first.verdict !== 'pass')
      throw new Error(`without bombs the verdict on the script is ${first.verdict}: ${first.message}`);
    const stock = await prepareBombs(attackers, Math.ceil((rounds * ROUND_MS) / everyMs), signal);
    const others = Promise.all([
      watchHealth(stack.apiUrl, health.api, until),
      watchHealth(stack.runnerUrl, health.runner, until),
      throwBombs({ attackers, stock, everyMs, thrown }, until),
    ]);
    const verdicts = [];
    for (let round = 0; round < rounds && !signal.aborted; round += 1) {
      const one = await deliverHonest(parties, signal);
      verdicts.push(one);
      say(
        `round ${round + 1} of ${rounds}: ${one.verdict} after ${Math.round(one.ms)} ms; bombs ${JSON.stringify(thrown)}`,
      );
    }
    ended.abort();
    await others;
    signal.throwIfAborted();
    return { rounds: verdicts, bombs: thrown, health };
  } finally {
    ended.abort();
    await town.close();
  }
}

async function deliverHonest(parties: Parties, signal: AbortSignal) {
  const { client, seller } = parties;
  const job_id = await deliver(parties, honest, 1);
  const startedAt = performance.now();
  for (;;) {
    const { verification } = await client.client.verifyJob({ job_id }, { waitSeconds: 20, signal });
    if (verification === null) continue;
    const message = JSON.stringify((await seller.client.listVerifications({ job_id })).items[0]?.results);
    return { verdict: verification.verdict, message, ms: performance.now() - startedAt };
  }
}

async function watchHealth(url: string, seen: { ms: number[]; failed: number }, until: AbortSignal) {
  while (!until.aborted) {
    const startedAt = performance.now();
    try {
      const response = await fetch(`${url}/health`);
      await response.arrayBuffer();
      if (!response.ok) seen.failed += 1;
    } catch {
      seen.failed += 1;
    }
    seen.ms.push(performance.now() - startedAt);
    await pause(100, until);
  }
}

/** Jobs in which only the delivery is missing: so what is measured is what bombs do, and not what jobs cost. */
async function prepareBombs(attackers: Parties, count: number, signal: AbortSignal): Promise<string[]> {
  const stock: string[] = [];
  let next = 0;
  const prepare = async () => {
    while (next < count && !signal.aborted) {
      const acceptance_criteria = suite(bombs[next++ % bombs.length] as object);
      stock.push(await driveJob(attackers, 'in_progress', { max_budget: '0.10', acceptance_criteria }));
    }
  };
  await Promise.all(Array.from({ length: PREPARED_AT_ONCE }, prepare));
  return stock;
}

interface Attack {
  readonly attackers: Parties;
  /** Jobs that a bomb can be delivered in. */
  readonly stock: string[];
  readonly everyMs: number;
  readonly thrown: Record<string, number>;
}

async function throwBombs({ attackers, stock, everyMs, thrown }: Attack, until: AbortSignal) {
  const underWay = new Set<Promise<void>>();
  const count = (what: string): void => {
    thrown[what] = (thrown[what] ?? 0) + 1;
  };
  const startedAt = performance.now();
  for (let at = 1; !until.aborted; at += 1) {
    const job_id = underWay.size < mostUnderWay ? stock.shift() : undefined;
    if (job_id !== undefined) {
      const bomb: Promise<void> = attackers.seller.client
        .deliverJob({ job_id, result: bombResult })
        .then(
          () => count('delivered'),
          (error: unknown) => count(nameOf(error)),
        )
        .finally(() => underWay.delete(bomb));
      underWay.add(bomb);
    } else count(stock.length === 0 ? 'missing: none is left' : 'held back: 32 on their way');
    await pause(Math.max(0, startedAt + at * everyMs - performance.now()), until);
  }
  await Promise.all(underWay);
}

const nameOf = (error: unknown): string =>
  error instanceof RegistryProblem ? `refused: ${error.code}` : `broken: ${String(error)}`;

const pause = (ms: number, until: AbortSignal) =>
  delay(ms, undefined, { signal: until }).catch(() => undefined);
