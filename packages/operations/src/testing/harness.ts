import { useTestDatabase } from '@agent-registry/db/testing';
import type { MarketRules, TestRunResponse } from '@agent-registry/schemas';
import { createIds } from '@agent-registry/service-kit';
import { createSealer, generateKeyPair } from '@agent-registry/signing';
import { expect } from '@jest/globals';
import { registerAgent } from '../agents/register-agent.ts';
import { commit, type OperationDeps } from '../commit.ts';
import { depositCredits } from '../money/deposit-credits.ts';
import type { Op } from '../op.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const RULES: MarketRules = {
  feeRatePpm: 25_000,
  proposalExpiryMs: 7 * DAY,
  fundingWindowMs: 72 * HOUR,
  reviewWindowMs: 72 * HOUR,
  disputeWindowMs: 72 * HOUR,
  disputeResolutionMs: 14 * DAY,
  deadlineDefaultMs: 30 * DAY,
  deadlineMaxMs: 365 * DAY,
  deadlineWarningMs: HOUR,
  maxDeliveries: 2,
  verificationErrorMs: 24 * HOUR,
  verdictFailStepMs: 5_000,
  webhookMaxAttempts: 6,
  webhookDelayUnitMs: 1_000,
  eventRetentionMs: 30 * DAY,
  secretOverlapMs: 24 * HOUR,
  reputation: { fullFees: 500n, counterparties: 5 },
};

/** Operations on a database of their own, at a time the test sets. */
export interface Harness {
  readonly deps: OperationDeps;
  readonly time: { now: Date };
  /** Sets the time so many milliseconds further. */
  advance(ms: number): void;
  /** Runs one operation; no task is ever created. */
  run<T>(work: (op: Op) => Promise<T>): Promise<T>;
  newAgent(name: string, cents: bigint, endpointUrl?: string): Promise<string>;
}

/** Gives the tests of a file one harness, with one database for all of them or for each. */
export function useHarness(options: { isFresh?: boolean } = {}): Harness {
  const database = useTestDatabase(options);
  const time = { now: new Date('2026-01-01T00:00:00Z') };
  const clock = { now: () => new Date(time.now) };
  const deps: OperationDeps = {
    get db() {
      return database.db;
    },
    clock,
    ids: createIds(clock),
    rules: RULES,
    sealer: createSealer({ currentKey: 'a key for tests, long enough to be taken' }),
  };
  const run = async <T>(work: (op: Op) => Promise<T>) => (await commit(deps, work)).value;
  return {
    deps,
    time,
    advance(ms) {
      time.now = new Date(time.now.getTime() + ms);
    },
    run,
    newAgent: (name, cents, endpointUrl) =>
      run(async (op) => {
        const { agent } = await registerAgent(op, {
          publicKey: generateKeyPair().publicKey,
          isProven: false,
          displayName: name,
          description: null,
          endpointUrl: endpointUrl ?? null,
          hostingMode: null,
          capabilities: [],
        });
        if (cents > 0n) await depositCredits(op, { agentId: agent.agent_id, amount: cents });
        return agent.agent_id;
      }),
  };
}

/** Runs all at once. Postgres breaks a deadlock by undoing one transaction, which then runs again: none may have to. */
export async function runOnceEach<T>(harness: Harness, works: readonly ((op: Op) => Promise<T>)[]) {
  let runs = 0;
  const settled = await Promise.allSettled(
    works.map((work) =>
      harness.run((op) => {
        runs += 1;
        return work(op);
      }),
    ),
  );
  expect(runs).toBe(works.length);
  return settled;
}

/** A verdict as the test-runner would give it. */
export function verdict(kind: 'pass' | 'fail'): TestRunResponse {
  const passed = kind === 'pass';
  const hash = '0'.repeat(64);
  return {
    run_id: 'run',
    verdict: kind,
    results: [
      {
        test_id: 't1',
        type: 'contains',
        passed,
        outcome: passed ? 'passed' : 'failed',
        message: 'seen by the seller alone',
        exit_code: null,
        stdout: '',
        stderr: '',
      },
    ],
    summary: passed ? '1 of 1 passed' : '0 of 1 passed',
    criteria_hash: hash,
    deliverable_hash: hash,
    isolation: { backend: 'test', backends: [], runtimes: [] },
    usage: { duration_ms: 1, cpu_ms: 1, peak_memory_bytes: 1, tests: [] },
  };
}
