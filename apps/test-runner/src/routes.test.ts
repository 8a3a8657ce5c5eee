import { describe, expect, test } from '@jest/globals';
import { facts, openRunner, script } from '../test/start-runner.ts';

const runner = await openRunner({ cores: 2 });

const check = (type: string, params: unknown) => ({ test_id: 't', type, params });
const records = { records: [{ n: 1 }, { n: 2 }, { n: 3 }], name: 'say "hi"', errors: [] };

describe('each type of test passes and fails as it says', () => {
  const cases: [string, unknown, unknown, unknown][] = [
    ['json_schema', { schema: { required: ['name'] } }, records, {}],
    [
      'json_schema',
      { schema: { properties: { a: { pattern: '^a+$' }, b: { pattern: '^b+$' } } } },
      { a: 'aa', b: 'b' },
      { a: 'a', b: 'a' },
    ],
    [
      'json_schema',
      {
        schema: { $ref: '#/$defs/list', $defs: { list: { items: { $ref: '#/$defs/list' } } }, type: 'array' },
      },
      [[[]]],
      1,
    ],
    ['count_gte', { path: '$.records[*]', min_count: 3 }, records, { records: [1] }],
    ['count_gte', { path: '$.records', min_count: 3 }, records, { records: [1] }],
    ['count_lte', { path: '$.errors', max_count: 0 }, records, { errors: [1] }],
    ['count_lte', { path: '$.records[?@.n > 1]', max_count: 1 }, { records: [{ n: 2 }] }, records],
    ['contains', { pattern: 'say "hi"' }, records, { name: 'bye' }],
    ['contains', { pattern: '"n":2' }, records, []],
    ['contains', { pattern: '^say .hi.$', is_regex: true }, records, { name: 'bye' }],
    [
      'checksum',
      { expected_hash: '43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777' },
      { b: 2, a: 1 },
      { a: 1 },
    ],
    ['assertion', { expression: 'output.records.all(r, r.n > 0)' }, records, { records: [{ n: 0 }] }],
    [
      'assertion',
      { expression: 'size(output.records) == 3 && output.name.contains("hi")' },
      records,
      { records: [], name: '' },
    ],
  ];
  test.each(cases)('a test passes and fails as its type says: %s %j', async (type, params, good, bad) => {
    const passed = await runner.verdictOf([check(type, params)], good);
    const failed = await runner.verdictOf([check(type, params)], bad);
    expect([passed.verdict, passed.results[0]?.outcome]).toEqual(['pass', 'passed']);
    expect([failed.verdict, failed.results[0]?.outcome]).toEqual(['fail', 'failed']);
  });

  test('latency_lte goes by the facts of the registry', async () => {
    const verdicts = await Promise.all(
      [10, 9].map((max_seconds) => runner.verdictOf([check('latency_lte', { max_seconds })], null)),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
  });

  test('a script passes by exit code 0, and its output is given back', async () => {
    const good = await runner.verdictOf([script('console.log(deliverable.a); console.error("e")')], { a: 7 });
    const bad = await runner.verdictOf([script('exit(deliverable.a)')], { a: 7 });
    expect(good.results[0]).toEqual({
      test_id: 'script',
      type: 'script',
      passed: true,
      outcome: 'passed',
      message: 'Exited with code 0.',
      exit_code: 0,
      stdout: '7\n',
      stderr: 'e\n',
    });
    expect(bad.results[0]).toMatchObject({ passed: false, outcome: 'failed', exit_code: 7 });
  });

  test.each([
    ['abc', '^.{5}$', false],
    ['abc', '^abc$', true],
    ['a"b', 'a"b', true],
    ['a\nb', 'a\\\\nb', false],
    [{ a: 'abc' }, '^abc$', true],
    [{ a: 'abc' }, '^\\{"a":"abc"\\}$', true],
    [['abc'], '"abc"', true],
  ])('contains looks in %j as it reads: %s is found: %s', async (deliverable, pattern, isFound) => {
    const { results } = await runner.verdictOf([check('contains', { pattern, is_regex: true })], deliverable);
    expect(results[0]?.passed).toBe(isFound);
  });

  test('an expression without an answer for this deliverable fails, and says why', async () => {
    const { results, verdict } = await runner.verdictOf(
      [check('assertion', { expression: 'output.missing.name > 1' })],
      {},
    );
    expect(verdict).toBe('fail');
    expect(results[0]).toMatchObject({
      outcome: 'failed',
      passed: false,
      message: 'The expression has no answer: no such key: missing.',
    });
  });
});

describe('the answer', () => {
  test('the answer keeps the threshold', async () => {
    const tests = ['exit(0)', 'exit(0)', 'exit(1)'].map((source, n) => ({
      ...script(source),
      test_id: `${n}`,
    }));
    const verdicts = await Promise.all(
      ['all', 'majority', { min_pass: 2 }, { min_pass: 3 }].map((threshold) =>
        runner.verdictOf(tests, 1, threshold),
      ),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'pass', 'pass', 'fail']);
    expect(verdicts[0]?.summary).toBe('Fail: 2 of 3 tests passed, 3 needed.');
  });

  test('a verdict names the engine, its hash, the hashes of criteria and deliverable, and measures apart from results', async () => {
    const answer = await runner.verdictOf([script('exit(0)'), check('contains', { pattern: 'a' })], { a: 1 });
    expect(answer.isolation).toMatchObject({
      backend: 'worker-process + quickjs-wasm',
      runtimes: [
        {
          name: 'javascript',
          version: 'QuickJS 2025-09-13',
          engine_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
    expect(answer.deliverable_hash).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
    expect(answer.usage.tests.map(({ test_id }) => test_id)).toEqual(['script', 't']);
    expect(answer.usage.duration_ms).toBeGreaterThan(0);
    expect(JSON.stringify(answer.results)).not.toContain('_ms');
    expect(answer.effective_limits).toBeUndefined();
  });

  test('the answer says what a script got where it asked for more than there is', async () => {
    const { effective_limits } = await runner.verdictOf(
      [script('exit(0)', { timeout_seconds: 900, memory_limit_mb: 4096 })],
      1,
    );
    expect(effective_limits).toEqual([{ test_id: 'script', timeout_seconds: 3, memory_limit_mb: 128 }]);
  });

  test('a script in the short form is a suite of one', async () => {
    const { params } = script('exit(0)');
    const response = await runner.post({ run_id: 'r', criteria: params, deliverable: 1, facts });
    expect(await response.json()).toMatchObject({
      run_id: 'r',
      verdict: 'pass',
      results: [{ test_id: 'script' }],
    });
  });
});

describe('what is refused', () => {
  const body = { run_id: 'r', criteria: script('exit(0)').params, deliverable: 1, facts };

  test('a caller without an accepted token is 401 before its body is read', async () => {
    const response = await runner.post(body, { authorization: 'Bearer wrong' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  test.each([
    ['{', 400],
    [JSON.stringify(body).replace('"deliverable":1', '"deliverable":1e999'), 422],
    [{ ...body, run_id: '' }, 422],
    [{ ...body, facts: {} }, 422],
    [{ ...body, deliverable: undefined }, 422],
    [{ ...body, criteria: { tests: [check('contains', { pattern: '(', is_regex: true })] } }, 422],
    [`{"run_id":"r","criteria":1,"facts":1,"deliverable":${'['.repeat(500)}${']'.repeat(500)}}`, 422],
    ['x'.repeat(5_000_000), 413],
  ])('%.60s is %i', async (given, status) => {
    const response = await runner.post(given);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('what is wrong with criteria is told with its path', async () => {
    const response = await runner.post({
      ...body,
      criteria: { tests: [check('count_gte', { path: '$', min_count: 'x' })] },
    });
    expect(await response.json()).toMatchObject({ errors: [{ path: 'criteria.tests.0.params.min_count' }] });
  });

  test('a runtime without isolation is 503 with a time to retry after, and nothing is run', async () => {
    const response = await runner.post({ ...body, criteria: { ...body.criteria, runtime: 'python:3' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).toMatchObject({
      code: 'unavailable',
      detail: 'the runtime python:3 is not offered here',
    });
  });

  test('an unknown path is 404', async () => {
    expect((await fetch(`${runner.url}/nothing`)).status).toBe(404);
  });
});

test('/health and /ready say what there is', async () => {
  const health = await fetch(`${runner.url}/health`);
  const ready = await fetch(`${runner.url}/ready`);
  expect([health.status, ready.status]).toEqual([200, 200]);
  expect(await ready.json()).toMatchObject({
    status: 'ready',
    runtimes: [{ name: 'javascript', backend: 'quickjs-wasm' }],
    isolation: [{ backend: 'quickjs-wasm', available: true }],
    capacity: { slots: 2, queue: 64 },
  });
});
