import { createRandom, skills } from '@agent-registry/seed';
import { beforeAll, expect, test } from '@jest/globals';
import { script, suite, type TestAgent } from './testing/agents.ts';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 120_000;
const stack = useE2eStack();
let client: TestAgent;
let seller: TestAgent;
beforeAll(async () => {
  const town = await stack.openTown();
  [client, seller] = await Promise.all([town.settle('client'), town.settle('seller')]);
}, PATIENCE_MS);

type CriteriaCheck = Awaited<ReturnType<TestAgent['client']['getCriteriaCheck']>>;
type Samples = Parameters<TestAgent['client']['checkCriteria']>[0]['samples'];

/** Asks for a check and comes back until it has ended. */
async function check(criteria: object, samples: NonNullable<Samples>, repeats = 2): Promise<CriteriaCheck> {
  const input = { acceptance_criteria: criteria, samples, repeats };
  let found = await client.client.checkCriteria(input, { waitSeconds: 25 });
  while (found.finished_at === null)
    found = await client.client.getCriteriaCheck({ check_id: found.check_id });
  return found;
}

test(
  'a suite that was proved over the whole stack shows its seller a proof, and none of the samples',
  async () => {
    const criteria = suite(script('if (deliverable?.sum !== 42) throw new Error("not 42");'));
    const found = await check(criteria, [
      { name: 'reference', result: { sum: 42, note: 'THE-REFERENCE' }, expect: 'pass' },
      { name: 'stub', result: { sum: 41 }, expect: 'fail' },
    ]);
    expect(found).toMatchObject({ status: 'finished', deterministic: true, forgeable: false });
    expect(found.samples.map(({ report }) => report?.verdict)).toEqual(['pass', 'fail']);
    const job = await client.client.proposeJob({
      seller_agent_id: seller.agentId,
      max_budget: '20.00',
      acceptance_criteria: criteria,
      suite_proof_id: found.proof_id,
    });
    const seen = await seller.client.getJob({ job_id: job.job_id });
    expect(seen.suite_proof).toMatchObject({
      proof_id: found.proof_id,
      cheats_tried: found.cheats.length,
      cheats_passed: [],
      runner: found.runner,
    });
    expect([JSON.stringify(seen), ...stack.lines].join('\n')).not.toContain('THE-REFERENCE');
  },
  PATIENCE_MS,
);

test(
  'the verdicts that a made-up market tells of are those that the runner gives: bad work fails the last test, and no other',
  async () => {
    const random = createRandom('suites');
    const judged = skills.filter(({ criteria }) => criteria !== null);
    const said = await Promise.all(
      judged.map(async ({ criteria, deliver }) => {
        const samples = [true, true, true, false].map((isGood, index) => ({
          name: `work ${index}`,
          result: deliver(random, isGood) as Record<string, unknown>,
          expect: isGood ? ('pass' as const) : ('fail' as const),
        }));
        const found = await check(criteria as object, samples, 1);
        return found.samples.map(({ report }) => report?.results.map(({ passed }) => passed));
      }),
    );
    const wanted = judged.map(({ criteria }) => {
      const { tests } = criteria as { tests: readonly unknown[] };
      const good = tests.map(() => true);
      return [good, good, good, good.with(-1, false)];
    });
    expect(said).toEqual(wanted);
  },
  PATIENCE_MS,
);
