import type { TestOutcome } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { openRunner, script, testLimits } from '../test/start-runner.ts';

const runner = await openRunner();
/** Of whose time for a suite nineteen slow checks need several times as much on any machine, and a quick one next to nothing. */
const hurried = await openRunner({ verification: { ...testLimits, suiteMs: 2_000 } });

const check = (type: string, params: unknown) => ({ test_id: 't', type, params });

describe('no test leaves anything for the next', () => {
  const pollute = `Object.prototype.polluted = 1; Array.prototype.every = () => true; globalThis.leak = 1;
    JSON.parse = () => ({}); String.prototype.includes = () => true; Promise.prototype.then = () => {};`;
  const clean = `exit({}.polluted === undefined && globalThis.leak === undefined && deliverable.a === 1
    && ![false].every((x) => x) ? 0 : 1)`;

  test('nothing is left from script to script, or from script to check', async () => {
    for (let round = 0; round < 6; round += 1) {
      const answer = await runner.verdictOf(
        [
          { ...script(pollute), test_id: 'pollute' },
          { ...script(clean), test_id: 'clean' },
          { test_id: 'contains', type: 'contains', params: { pattern: 'no such text' } },
          { test_id: 'assertion', type: 'assertion', params: { expression: 'has(output.polluted)' } },
        ],
        { a: 1 },
      );
      expect(answer.results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'failed', 'failed']);
    }
  });

  test('nothing is left by a deliverable with members such as __proto__', async () => {
    const deliverable: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}',
    );
    const tests = [
      { test_id: 'a', type: 'json_schema', params: { schema: { required: ['polluted'] } } },
      { test_id: 'b', type: 'count_gte', params: { path: '$.polluted', min_count: 1 } },
      { test_id: 'c', type: 'assertion', params: { expression: 'has(output.polluted)' } },
      { test_id: 'd', type: 'assertion', params: { expression: 'has(output.toString)' } },
    ];
    for (let round = 0; round < 4; round += 1) {
      const { results } = await runner.verdictOf(tests, deliverable);
      expect(results.map(({ passed }) => passed)).toEqual([false, false, false, false]);
    }
  });

  test('nothing is left by a schema with members such as __proto__', async () => {
    const schema: unknown = JSON.parse(
      '{"properties":{"__proto__":{"type":"string"}},"$defs":{"__proto__":{"default":1}},"required":["a"]}',
    );
    const { verdict } = await runner.verdictOf([check('json_schema', { schema })], { a: 1 });
    expect(verdict).toBe('pass');
    expect(
      (await runner.verdictOf([check('assertion', { expression: 'size(output) == 1' })], { a: 1 })).verdict,
    ).toBe('pass');
  });
});

describe('a hostile check hurts only its own worker', () => {
  const stopped: TestOutcome[] = ['failed', 'timeout', 'memory', 'killed'];
  const numbers = Array.from({ length: 3_000 }, (_, n) => n);
  const attacks: [string, unknown, unknown][] = [
    [
      'CEL over a product of lists',
      check('assertion', { expression: 'output.all(a, output.all(b, output.all(c, output.all(d, true))))' }),
      numbers,
    ],
    [
      'CEL that builds lists of lists',
      check('assertion', { expression: 'size(output.map(a, output.map(b, output.map(c, [a, b, c])))) == 1' }),
      numbers,
    ],
    [
      'a JSONPath of descendants',
      check('count_gte', { path: `$${'..*'.repeat(12)}`, min_count: 1 }),
      JSON.parse(`${'[1,'.repeat(60)}1${']'.repeat(60)}`),
    ],
    [
      'a JSONPath with a backtracking pattern',
      check('count_gte', { path: '$[?search(@, "(a+)+b")]', min_count: 1 }),
      Array.from({ length: 50 }, () => 'a'.repeat(60)),
    ],
  ];
  test.each(attacks)('a hostile check hurts only its own worker: %s', async (_name, attack, deliverable) => {
    const before = await runner.verdictOf([check('contains', { pattern: '1' })], 1);
    const answer = await runner.verdictOf([attack], deliverable);
    expect(answer.verdict).toBe('fail');
    expect(stopped).toContain(answer.results[0]?.outcome);
    const after = await runner.verdictOf([check('contains', { pattern: '1' })], 1);
    expect([before.verdict, after.verdict]).toEqual(['pass', 'pass']);
  });

  test('a pattern that would backtrack elsewhere matches in linear time', async () => {
    const { results } = await runner.verdictOf(
      [
        check('contains', { pattern: '(a+)+$', is_regex: true }),
        { test_id: 's', type: 'json_schema', params: { schema: { pattern: '^(a|aa)+$' } } },
      ],
      `${'a'.repeat(100_000)}b`,
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });

  test('a suite out of time says so for each test it did not get to', async () => {
    const slow = check('assertion', { expression: 'output.all(a, output.all(b, output.all(c, c.x > 1.0)))' });
    const slowOnes = Array.from({ length: 19 }, (_, n) => ({ ...slow, test_id: `${n}` }));
    const { results, verdict } = await hurried.verdictOf(
      [check('contains', { pattern: '1' }), ...slowOnes],
      numbers,
    );
    expect(verdict).toBe('fail');
    const reached = results.findIndex(({ outcome }) => outcome === 'suite_timeout');
    expect(reached).toBeGreaterThan(0);
    expect(new Set(results.slice(reached).map(({ outcome }) => outcome))).toEqual(new Set(['suite_timeout']));
  });
});

describe('a schema is evaluated by counted work, and by no clock', () => {
  // Each definition doubles the next: 2^24 applications in 50 lines.
  const doubled = Object.fromEntries(
    Array.from({ length: 24 }, (_, n) => [
      `d${n}`,
      { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
    ]),
  );
  const expensive = check('json_schema', {
    schema: { $ref: '#/$defs/d0', $defs: { ...doubled, d24: { type: 'number' } } },
  });
  const unique = check('json_schema', { schema: { uniqueItems: true } });
  const items = Array.from({ length: 40_000 }, (_, n) => ({ n }));

  test('24 doubled references and 40,000 unique items end the same under load and idle', async () => {
    const outcomes = async () => {
      const answers = await Promise.all([
        runner.verdictOf([expensive], 1),
        runner.verdictOf([unique], items),
      ]);
      return answers.flatMap(({ results }) => results.map(({ outcome, message }) => ({ outcome, message })));
    };
    const idle = await outcomes();
    const loaded = await Promise.all(Array.from({ length: 4 }, outcomes));
    expect(idle).toEqual([
      { outcome: 'failed', message: 'too_expensive: gave up after 10000001 steps.' },
      { outcome: 'passed', message: 'Valid.' },
    ]);
    expect(loaded).toEqual(loaded.map(() => idle));
  });
});

test('after all hostile checks the service has its workers, and no more', () =>
  runner.expectNoMoreThanItsWorkers());
