import { listCheats } from '@agent-registry/criteria';
import type { TestRunResponse } from '@agent-registry/schemas';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ProgramBench, startProgramBench } from '../test/program-bench.ts';
import { whyNoSandbox } from '../test/sandbox/availability.ts';
import { scriptSuites } from '../test/script-suites.ts';
import { base64 } from '../test/start-runner.ts';
import { declarativeSuites, programSuites, type Suite } from '../test/suites.ts';

const unavailable = whyNoSandbox();
const AT_ONCE = 2;
/** Of the ten suites of a kind every third is tried, with LONG_TESTS all of them. */
const EVERY = process.env.LONG_TESTS ? 1 : 3;
const WHOLE_BATTERY_MS = 120_000;
let bench: ProgramBench;
beforeAll(async () => {
  bench = await startProgramBench({}, AT_ONCE);
});
afterAll(() => bench.close());

async function verdictOf(
  suite: Pick<Suite, 'criteria' | 'hiddenCases'>,
  deliverable: unknown,
): Promise<TestRunResponse> {
  const { criteria, hiddenCases } = suite;
  const hidden = hiddenCases === undefined ? {} : { hidden_cases: hiddenCases };
  const response = await bench.runner.post({ run_id: 'dry', criteria, ...hidden, deliverable, facts: null });
  return (await response.json()) as TestRunResponse;
}

/** The names of the cheats that the suite passes. */
async function cheatsThrough(suite: Suite): Promise<string[]> {
  const waiting = listCheats(suite.criteria, [suite.reference]);
  const through: string[] = [];
  const work = async (): Promise<void> => {
    for (let cheat = waiting.pop(); cheat !== undefined; cheat = waiting.pop()) {
      const { verdict } = await verdictOf(suite, cheat.deliverable);
      if (verdict !== 'fail') through.push(cheat.name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return through.sort();
}

function proves(what: string, suites: readonly Suite[]): void {
  const tried = suites.filter((_, index) => index % EVERY === 0);
  test.each(tried.map((suite) => [suite.name, suite] as const))(
    `${what}: in the suite of %s the reference passes, the stub fails and no cheat gets through`,
    async (_name, suite) => {
      const reference = [await verdictOf(suite, suite.reference), await verdictOf(suite, suite.reference)];
      expect(reference.map(({ verdict, deterministic }) => [verdict, deterministic])).toEqual([
        ['pass', true],
        ['pass', true],
      ]);
      expect((await verdictOf(suite, suite.stub)).verdict).toBe('fail');
      expect(await cheatsThrough(suite)).toEqual([]);
    },
    WHOLE_BATTERY_MS,
  );
}

describe('suites of every kind', () => {
  proves('javascript', scriptSuites('javascript'));
  proves('declarative', declarativeSuites);
  if (unavailable === null) {
    for (const runtime of ['python:3', 'node:24', 'bash:5']) proves(runtime, scriptSuites(runtime));
    proves('program', programSuites);
  } else test.skip(`nothing of the sandbox’s runtimes, for ${unavailable}`, () => undefined);
});

const script = (runtime: string, source: string) => ({
  criteria: { tests: [{ test_id: 's', type: 'script', params: { runtime, script: base64(source) } }] },
});
const forgeable: readonly (readonly [what: string, name: string, suite: Suite])[] = [
  [
    'a schema that asks for members and not for what is in them',
    'sample_with_leaves_blanked',
    {
      name: 'schema',
      criteria: {
        tests: [{ test_id: 's', type: 'json_schema', params: { schema: { required: ['title', 'text'] } } }],
      },
      reference: { title: 'Work', text: 'Real' },
      stub: {},
    },
  ],
  [
    'a suite that a delivery in time passes, whatever is delivered',
    'null',
    {
      name: 'latency',
      criteria: { tests: [{ test_id: 's', type: 'latency_lte', params: { max_seconds: 60 } }] },
      reference: { ok: true },
      stub: {},
    },
  ],
];
const forgeableInSandbox: typeof forgeable = [
  [
    'a script that executes delivered code in its own process',
    'exit_python_os_exit_in_place',
    {
      name: 'exec',
      ...script(
        'python:3',
        'import json\no = json.load(open("/input/result.json"))\nspace = {}\nexec(o["code"], space)\nassert space["double"](21) == 42\n',
      ),
      reference: { code: 'def double(n): return 2 * n' },
      stub: { code: 'def double(n): return n' },
    },
  ],
  [
    'a shell script that evaluates what was delivered',
    'exit_shell_exit',
    {
      name: 'eval',
      ...script('bash:5', 'text=$(tr -d \'"\' </input/result.json); eval "$text"; [ "$answer" = 42 ]\n'),
      reference: 'answer=42',
      stub: 'answer=41',
    },
  ],
  [
    'a program test without hidden cases',
    'program_visible_answers',
    {
      name: 'visible',
      criteria: {
        tests: ['python:3', 'node:24', 'bash:5'].map((runtime, index) => ({
          test_id: `p${index}`,
          type: 'program',
          params: {
            runtime,
            source: `$.p${index}`,
            cases: [
              { stdin: "it's\n", args: ['a b', '"'], expect: { stdout: 'one\n' } },
              { stdin: 'é', expect: { stdout: "'two'\n", exit_code: 3 } },
            ],
          },
        })),
      },
      reference: { p0: '', p1: '', p2: '' },
      stub: {},
    },
  ],
];

describe('a suite that can be passed without the work', () => {
  test.each(unavailable === null ? [...forgeable, ...forgeableInSandbox] : forgeable)(
    'is called forgeable: %s',
    async (_what, name, suite) => {
      expect(await cheatsThrough(suite)).toContain(name);
    },
    WHOLE_BATTERY_MS,
  );
});

test('latency_lte reads skipped in a dry run, and the verdict is that of a delivery in time', async () => {
  const latency = { test_id: 'l', type: 'latency_lte', params: { max_seconds: 1 } };
  const holds = (test_id: string, expression: string) => ({
    test_id,
    type: 'assertion',
    params: { expression },
  });
  const tests = [latency, holds('a', 'output.a == 1.0'), holds('b', 'output.b == 1.0')];
  const dryRun = async (threshold: unknown, deliverable: unknown) => {
    const criteria = { tests, pass_threshold: threshold };
    const { verdict, results } = await verdictOf({ criteria }, deliverable);
    return [verdict, results[0]?.outcome, results[0]?.passed];
  };
  expect(await dryRun('all', { a: 1, b: 1 })).toEqual(['pass', 'skipped', false]);
  expect(await dryRun('all', { a: 1, b: 0 })).toEqual(['fail', 'skipped', false]);
  expect(await dryRun('majority', { a: 1, b: 0 })).toEqual(['pass', 'skipped', false]);
  expect(await dryRun({ min_pass: 1 }, { a: 0, b: 0 })).toEqual(['pass', 'skipped', false]);
});

(unavailable === null ? test : test.skip)(
  'a script that reads urandom ends otherwise from run to run, which is what repeats are compared by',
  async () => {
    const suite = script('python:3', 'import os, sys\nsys.exit(1 + os.urandom(1)[0] % 250)\n');
    const codes = new Set<unknown>();
    for (let repeat = 0; repeat < 5; repeat += 1)
      codes.add((await verdictOf(suite, { sum: 42 })).results[0]?.exit_code);
    expect(codes.size).toBeGreaterThan(1);
  },
);
