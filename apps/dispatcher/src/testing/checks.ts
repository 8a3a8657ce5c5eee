import { findCheck } from '@agent-registry/db';
import { createCheck } from '@agent-registry/operations';
import type { TaskSpec } from '@agent-registry/schemas';
import { criteriaHash } from '@agent-registry/signing';
import type { Dispatched, Machine, Registry } from './start-registry.ts';

const CHECKED = {
  tests: [{ test_id: 'sum', type: 'assertion', params: { expression: 'output.sum == 42.0' } }],
};

export interface CheckWish {
  readonly agentId?: string;
  readonly criteria?: unknown;
  readonly hiddenCases?: unknown;
  readonly samples?: readonly { name: string; result: unknown; expect: 'pass' | 'fail' }[];
  readonly repeats?: number;
}

export interface TestCheck {
  readonly checkId: string;
  readonly agentId: string;
  readonly spec: TaskSpec;
}

export const SAMPLES = [
  { name: 'reference', result: { sum: 42 }, expect: 'pass' },
  { name: 'stub', result: { sum: 41 }, expect: 'fail' },
] as const;

/** A check that an agent has asked for; its task is not yet created. */
export async function newCheck(registry: Registry, wish: CheckWish = {}): Promise<TestCheck> {
  const agentId = wish.agentId ?? (await registry.newAgent()).agentId;
  const { criteria = CHECKED, hiddenCases, samples = SAMPLES, repeats = 2 } = wish;
  const { value: checkId, specs } = await registry.run((op) =>
    createCheck(op, {
      agentId,
      criteria: { text: JSON.stringify(criteria), hash: criteriaHash(criteria) },
      hiddenCases: hiddenCases === undefined ? null : JSON.stringify(hiddenCases),
      samples: JSON.stringify(samples),
      repeats,
    }),
  );
  return { checkId, agentId, spec: specs[0]! };
}

/** Does what Cloud Tasks does with a check's tasks until it has ended; the clock goes on where a task is due later. */
export async function runCheck(
  registry: Registry,
  { checkId, spec }: TestCheck,
  machine?: Machine,
): Promise<Dispatched> {
  let answer = await registry.dispatch(spec, machine);
  for (let turn = 0; turn < TURNS_MAX && answer.body.outcome === 'later'; turn += 1) {
    registry.clock.advance(1_000);
    const next = registry.tasks.created.findLast(({ body }) => body.check_id === checkId)!;
    answer = await registry.dispatch(next, machine);
  }
  return answer;
}

const TURNS_MAX = 50;

export async function checkRow(registry: Registry, checkId: string) {
  const row = await findCheck(registry.database.db, checkId);
  if (row === undefined) throw new Error('there is no such check');
  return row;
}
