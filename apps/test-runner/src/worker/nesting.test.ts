import { createCriteriaChecker } from '@agent-registry/criteria';
import { afterAll, expect, test } from '@jest/globals';
import { base64, openRunner, script } from '../../test/start-runner.ts';

const runner = await openRunner();
const checker = createCriteriaChecker({ threads: 1 });
afterAll(() => checker.close());

const nested = {
  lists: (depth: number) => '['.repeat(depth) + ']'.repeat(depth),
  blocks: (depth: number) => '{'.repeat(depth) + '}'.repeat(depth),
  classes: (depth: number) => `${'class A{a='.repeat(depth)}1${'}'.repeat(depth)}`,
  conditions: (depth: number) => `${'1?1:'.repeat(depth)}1`,
  groups: (depth: number) => `/${'(?:'.repeat(depth)}${')'.repeat(depth)}/`,
} as const;

async function refusalOf(source: string): Promise<string | null> {
  const criteria = { script: base64(source), runtime: 'javascript' };
  const checked = await checker.check(criteria, { offeredRuntimes: ['javascript'], isProposal: true });
  return checked.ok ? null : (checked.errors[0]?.message ?? '');
}

// The outcome of a script must not depend on how large a stack the machine gave, nor on what has been compiled.
test.each(Object.entries(nested))(
  '%s nested to any depth are refused at the proposal where they do not compile in the runner, and only there',
  async (_name, source) => {
    let [deepest, tooDeep] = [100, 20_000];
    while (tooDeep - deepest > deepest / 20) {
      const depth = Math.floor((deepest + tooDeep) / 2);
      if ((await refusalOf(source(depth))) === null) deepest = depth;
      else tooDeep = depth;
    }
    const outcomes = [];
    for (const depth of [deepest, tooDeep]) {
      const { verdict, results } = await runner.verdictOf([script(source(depth))], null);
      outcomes.push([verdict, results[0]?.outcome]);
    }
    expect(outcomes).toEqual([
      ['pass', 'passed'],
      ['fail', 'failed'],
    ]);
  },
);

test.each([
  'using x = null',
  'class A { static { await 1 } }',
  '({ a: 1 } = 1)',
  'import x from "y"',
  '/(?<a>x)(?<a>y)/',
  '/[/v',
  'let a = 1; let a = 2',
  'exit(0',
])('a script that the engine of the runner cannot read is refused at the proposal: %s', async (source) => {
  expect(await refusalOf(source)).toMatch(/^does not parse: /);
  expect((await runner.verdictOf([script(source)], null)).verdict).toBe('fail');
});

test('text that nests too deeply for the engine fails the script, the same every time, and is no outage', async () => {
  const source = 'eval("function f(){".repeat(deliverable) + "}".repeat(deliverable))';
  for (const depth of [3_000, 6_000, 20_000, 60_000]) {
    const [first, second] = [
      await runner.verdictOf([script(source)], depth),
      await runner.verdictOf([script(source)], depth),
    ];
    expect(first.verdict).toMatch(/pass|fail/);
    expect(second.results).toEqual(first.results);
  }
});
