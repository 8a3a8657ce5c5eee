import { testTypes } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CriteriaError, checkCriteria } from './index.ts';
import { resolveRuntime } from './runtimes.ts';

const offeredRuntimes = ['javascript', 'python:3', 'node:24', 'bash:5'];
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const suite = (...tests: unknown[]): unknown => ({ version: '1.0', tests, pass_threshold: 'all' });
const one = (type: string, params: unknown): unknown => suite({ test_id: 't', type, params });

function errorsOf(value: unknown, offered: readonly string[] = offeredRuntimes): readonly CriteriaError[] {
  const answer = checkCriteria(value, { offeredRuntimes: offered });
  return answer.ok ? [] : answer.errors;
}
const pathsOf = (value: unknown): string[] => errorsOf(value).map(({ path }) => path);

describe('a suite that is in order', () => {
  const good: [string, unknown][] = [
    ...Object.entries(testTypes).map(([type, { example }]): [string, unknown] => [type, example]),
    [
      'json_schema',
      { schema: { type: 'object', required: ['a'], properties: { pattern: { type: 'string' } } } },
    ],
    ['json_schema', { schema: true }],
    ['json_schema', { schema: { $ref: '#/$defs/a', $defs: { a: { type: 'string', pattern: '^a+$' } } } }],
    ['json_schema', { schema: { $ref: '#here', $defs: { a: { $anchor: 'here' } } } }],
    ['json_schema', { schema: { $schema: 'https://json-schema.org/draft/2020-12/schema' } }],
    ['json_schema', { schema: { const: { pattern: '(' }, properties: { $ref: { type: 'string' } } } }],
    ['json_schema', { schema: { $id: 'https://example.org/a', $defs: { b: { $id: 'b' } }, $ref: 'b' } }],
    ['json_schema', { schema: { $ref: 'https://json-schema.org/draft/2020-12/schema' } }],
    ['json_schema', { schema: { properties: { next: { $ref: '#' } }, pattern: '^\\p{Letter}\\s\\u00e9$' } }],
    ['count_gte', { path: '$.records[?@.n > 0]', min_count: 2 }],
    ['count_lte', { path: '$..name', max_count: 0 }],
    ['contains', { pattern: 'needle (' }],
    ['contains', { pattern: '^a{1,1000}$', is_regex: true }],
    ['checksum', { expected_hash: 'A'.repeat(64) }],
    ['latency_lte', { max_seconds: 0.5 }],
    ['assertion', { expression: 'output.records.all(r, r.n > 0)' }],
    ['script', { script: base64('exit 0'), runtime: 'bash:5', timeout_seconds: 900, memory_limit_mb: 9999 }],
  ];
  test.each(good)('a test of type %s with params %j is accepted', (type, params) => {
    expect(errorsOf(one(type, params))).toEqual([]);
  });

  test('pass_threshold says how many tests must pass', () => {
    const tests = [1, 2, 3, 4].map((n) => ({
      test_id: `t${n}`,
      type: 'latency_lte',
      params: { max_seconds: n },
    }));
    const minPass = (pass_threshold?: unknown): unknown => {
      const answer = checkCriteria({ tests, pass_threshold }, { offeredRuntimes });
      return answer.ok ? answer.criteria.minPass : answer.errors;
    };
    expect([minPass('all'), minPass('majority'), minPass({ min_pass: 1 }), minPass()]).toEqual([4, 3, 1, 4]);
  });

  test('the short form is a suite of one script, with python:3 unless it says otherwise', () => {
    const answer = checkCriteria({ script: base64('pass'), version: '9' }, { offeredRuntimes });
    expect(answer).toMatchObject({
      ok: true,
      criteria: {
        minPass: 1,
        tests: [{ testId: 'script', type: 'script', runtime: 'python:3', timeoutSeconds: null }],
      },
    });
  });

  test('criteria are never changed by the check', () => {
    const value = suite({
      test_id: 'a',
      type: 'json_schema',
      params: { schema: { default: 1 }, extra: [1] },
      note: 'x',
    });
    const before = JSON.stringify(value);
    checkCriteria(Object.freeze(value), { offeredRuntimes });
    expect(JSON.stringify(value)).toBe(before);
  });
});

describe('what is wrong is told with its path', () => {
  const bad: [unknown, string][] = [
    [null, ''],
    [[], ''],
    [{}, 'tests'],
    [{ tests: [] }, 'tests'],
    [{ tests: Array.from({ length: 21 }, () => ({})) }, 'tests'],
    [{ script: base64('x'), tests: [] }, ''],
    [
      { version: '2.0', tests: [{ test_id: 'a', type: 'latency_lte', params: { max_seconds: 1 } }] },
      'version',
    ],
    [suite(1), 'tests.0'],
    [suite({ type: 'contains', params: { pattern: 'a' } }), 'tests.0.test_id'],
    [one('telepathy', {}), 'tests.0.type'],
    [one('constructor', {}), 'tests.0.type'],
    [one('contains', []), 'tests.0.params'],
    [one('contains', { pattern: '' }), 'tests.0.params.pattern'],
    [one('contains', { pattern: '(?=a)', is_regex: true }), 'tests.0.params.pattern'],
    [one('contains', { pattern: 'a', is_regex: 'yes' }), 'tests.0.params.is_regex'],
    [one('contains', { pattern: 'a'.repeat(1001) }), 'tests.0.params.pattern'],
    [one('count_gte', { path: 'records', min_count: 1 }), 'tests.0.params.path'],
    [one('count_gte', { path: '$', min_count: -1 }), 'tests.0.params.min_count'],
    [one('count_lte', { path: '$', max_count: 1.5 }), 'tests.0.params.max_count'],
    [one('checksum', { expected_hash: 'abc' }), 'tests.0.params.expected_hash'],
    [one('latency_lte', { max_seconds: 0 }), 'tests.0.params.max_seconds'],
    [one('assertion', { expression: 'output.' }), 'tests.0.params.expression'],
    [one('assertion', { expression: '1'.repeat(501) }), 'tests.0.params.expression'],
    [one('script', { script: '%%%' }), 'tests.0.params.script'],
    [one('script', { script: base64('x'.repeat(1_048_577)) }), 'tests.0.params.script'],
    [one('script', { script: base64('x'), runtime: 'cobol' }), 'tests.0.params.runtime'],
    [one('script', { script: base64('x'), timeout_seconds: '60' }), 'tests.0.params.timeout_seconds'],
    [{ script: base64('x'), memory_limit_mb: -1 }, 'memory_limit_mb'],
    [
      {
        tests: [{ test_id: 'a', type: 'latency_lte', params: { max_seconds: 1 } }],
        pass_threshold: { min_pass: 2 },
      },
      'pass_threshold.min_pass',
    ],
    [
      { tests: [{ test_id: 'a', type: 'latency_lte', params: { max_seconds: 1 } }], pass_threshold: 'most' },
      'pass_threshold',
    ],
  ];
  test.each(bad)('criteria %.80j are refused at %s', (value, path) => {
    expect(pathsOf(value)).toContain(path);
  });

  test.each<[unknown, string]>([
    ['string', ''],
    [{ type: 'strin' }, 'type'],
    [{ pattern: '(?<=a)b' }, 'pattern'],
    [{ patternProperties: { '(': {} } }, 'patternProperties'],
    [{ $ref: 'https://example.org/s' }, '$ref'],
    [{ $ref: 'file:///etc/passwd' }, '$ref'],
    [{ $ref: '#/$defs/none' }, '$ref'],
    [{ $ref: '#/__proto__' }, '$ref'],
    [{ $ref: '#/%' }, '$ref'],
    [{ items: { $dynamicRef: 'x' } }, 'items.$dynamicRef'],
    [{ $defs: { a: { $id: 'b', $ref: 'c' } } }, '$defs.a.$ref'],
    [{ $id: 'https://json-schema.org/draft/2020-12/schema' }, '$id'],
    [{ $id: 'https://json-schema.org/a', not: { $id: '/draft/2020-12/meta/core#' } }, 'not.$id'],
    [{ $async: true }, '$async'],
    [{ items: { enum: [] } }, 'items.enum'],
    [{ dependencies: { a: ['b'] } }, 'dependencies'],
    [{ $ref: '#' }, '$ref'],
    [{ $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }] } } }, '$defs.a.anyOf.0.$ref'],
    [{ $dynamicAnchor: 'a', not: { if: { $dynamicRef: '#a' } } }, 'not.if.$dynamicRef'],
    [{ pattern: '(?=a)' }, 'pattern'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '$schema'],
  ])('a schema %.80j is refused at %s', (schema, path) => {
    const whole = ['tests.0.params.schema', path].filter(Boolean).join('.');
    expect(pathsOf(one('json_schema', { schema }))).toContain(whole);
  });

  test('a test id used twice is refused', () => {
    const same = { test_id: 'a', type: 'latency_lte', params: { max_seconds: 1 } };
    expect(pathsOf(suite(same, same))).toEqual(['tests.1.test_id']);
  });

  test('a script of exactly 1 MiB is accepted', () => {
    expect(errorsOf(one('script', { script: base64('x'.repeat(1_048_576)) }))).toEqual([]);
  });

  test('a runtime that is not offered is refused with those that are', () => {
    const [error] = errorsOf(one('script', { script: base64('x'), runtime: 'python:3.13' }), ['javascript']);
    expect(error).toEqual({
      path: 'tests.0.params.runtime',
      message: '"python:3.13" is not offered here; offered: javascript',
    });
  });

  test('former names of runtimes mean their language', () => {
    expect(
      ['python:3.13', 'python', 'node:20', 'bash', 'javascript', 'ruby', '__proto__'].map(resolveRuntime),
    ).toEqual(['python:3', 'python:3', 'node:24', 'bash:5', 'javascript', null, null]);
  });
});

describe('hostile criteria', () => {
  const nest = (open: string, inner: string, close: string, times: number): string =>
    open.repeat(times) + inner + close.repeat(times);
  const deep = (times: number): unknown => JSON.parse(nest('{"not":', '{}', '}', times));
  const bombs: [string, unknown][] = [
    ['repeats of repeats', one('contains', { pattern: 'a{1000}{1000}', is_regex: true })],
    ['repeats side by side', one('contains', { pattern: 'a{999}'.repeat(160), is_regex: true })],
    [
      'repeats over many tests',
      suite(
        ...Array.from({ length: 20 }, (_, n) => ({
          test_id: `${n}`,
          type: 'contains',
          params: { pattern: 'a{999}', is_regex: true },
        })),
      ),
    ],
    ['a pattern of parentheses', one('contains', { pattern: nest('(', 'a', ')', 400), is_regex: true })],
    ['an expression of parentheses', one('assertion', { expression: nest('(', '1', ')', 240) })],
    ['an expression left open', one('assertion', { expression: '['.repeat(500) })],
    ['a path of nested filters', one('count_gte', { path: `$${nest('[?@', '', ']', 240)}`, min_count: 1 })],
    ['a deep schema', one('json_schema', { schema: deep(60) })],
    ['a very deep value', deep(5_000)],
    [
      'a schema of many values',
      one('json_schema', { schema: { enum: Array.from({ length: 20_000 }, (_, n) => n) } }),
    ],
    ['a wide value', { tests: Array.from({ length: 100_000 }, () => 0) }],
  ];
  test.each(bombs)('hostile criteria with %s are refused', (_name, value) => {
    expect(errorsOf(value).length).toBeGreaterThan(0);
  });

  test('a member named __proto__ changes nothing of ours', () => {
    const value: unknown = JSON.parse(
      '{"tests":[{"test_id":"a","type":"contains","params":{"pattern":"a","__proto__":{"is_regex":7}},"__proto__":{"polluted":1}}],"__proto__":{"script":"x"}}',
    );
    expect(errorsOf(value)).toEqual([]);
    expect('polluted' in Object.prototype).toBe(false);
  });

  test('any JSON as criteria gets an answer, with at most 20 errors', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(errorsOf(value).length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 300 },
    );
  });

  test('a test of any type with any params gets an answer', () => {
    const type = fc.constantFrom(...Object.keys(testTypes));
    const key = fc.constantFrom(
      'schema',
      'path',
      'min_count',
      'max_count',
      'pattern',
      'is_regex',
      'expected_hash',
      'expression',
      'script',
      'runtime',
    );
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[$@.?()[\]{}*+|\\a-z0-9,'"-]{0,60}$/));
    const params = fc.dictionary(key, fc.oneof(fc.jsonValue({ maxDepth: 5 }), text), { maxKeys: 10 });
    fc.assert(
      fc.property(type, params, (name, given) => {
        expect(Array.isArray(errorsOf(one(name, given)))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('any schema-like JSON as a schema gets an answer', () => {
    const keyword = fc.constantFrom(
      'type',
      'properties',
      'items',
      '$ref',
      '$defs',
      'allOf',
      'pattern',
      'required',
      'enum',
      '$id',
      '$anchor',
    );
    const { schema } = fc.letrec((tie) => ({
      schema: fc.dictionary(
        keyword,
        fc.oneof(
          { maxDepth: 5 },
          fc.string(),
          fc.boolean(),
          fc.array(fc.string(), { maxLength: 2 }),
          fc.array(tie('schema'), { maxLength: 2 }),
          tie('schema'),
        ),
        { maxKeys: 4 },
      ),
    }));
    fc.assert(
      fc.property(schema, (given) => {
        expect(Array.isArray(errorsOf(one('json_schema', { schema: given })))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
