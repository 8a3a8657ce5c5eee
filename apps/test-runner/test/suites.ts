import { criteriaHash } from '@agent-registry/signing';

/** A suite, a deliverable that does the work and one that only looks like it. */
export interface Suite {
  readonly name: string;
  readonly criteria: { readonly tests: readonly object[] };
  readonly hiddenCases?: Readonly<Record<string, unknown>>;
  readonly reference: unknown;
  readonly stub: unknown;
}

const declared = (
  name: string,
  reference: unknown,
  stub: unknown,
  ...tests: [type: string, params: object][]
): Suite => ({
  name,
  reference,
  stub,
  criteria: { tests: tests.map(([type, params], index) => ({ test_id: `t${index}`, type, params })) },
});
const holds = (expression: string): [string, object] => ['assertion', { expression }];

/** Ten suites without code. */
export const declarativeSuites: readonly Suite[] = [
  declared('a sum', { sum: 42 }, { sum: 41 }, holds('output.sum == 42.0')),
  declared('numbers in order', { sorted: [1, 2] }, { sorted: [2, 1] }, [
    'json_schema',
    { schema: { type: 'object', required: ['sorted'], properties: { sorted: { const: [1, 2] } } } },
  ]),
  declared('a word by its letters', 'level', 'lever', [
    'contains',
    { pattern: '^l[aeiou]v[aeiou]l$', is_regex: true },
  ]),
  declared('a document by its checksum', { a: [1, 'x'] }, { a: [1, 'y'] }, [
    'checksum',
    { expected_hash: criteriaHash({ a: [1, 'x'] }) },
  ]),
  declared(
    'rows of a table',
    { rows: [{ id: 1 }, { id: 2 }] },
    { rows: [{ id: 1 }, { id: 0 }] },
    ['count_gte', { path: '$.rows[?@.id > 0]', min_count: 2 }],
    ['count_lte', { path: '$.rows[*]', max_count: 2 }],
    holds('output.rows[1].id == 2.0'),
  ),
  declared('a translation', { hello: 'hallo' }, { hello: 'hello' }, holds('output.hello == "hallo"')),
  declared('a choice', { color: 'green', n: 3 }, { color: 'grey', n: 3 }, [
    'json_schema',
    {
      schema: {
        type: 'object',
        required: ['color', 'n'],
        properties: { color: { enum: ['red', 'green'] }, n: { multipleOf: 1.5, minimum: 1 } },
      },
    },
  ]),
  declared(
    'a date and its day',
    { on: '2026-01-05', day: 'Monday' },
    { on: '2026-01-05', day: '' },
    ['json_schema', { schema: { type: 'object', required: ['on'], properties: { on: { format: 'date' } } } }],
    holds('output.day == "Monday" && output.on.startsWith("2026")'),
  ),
  declared('a matrix', [[19, 22]], [[22, 19]], holds('output[0][0] == 19.0 && output[0][1] == 22.0')),
  declared(
    'a sum in time',
    { sum: 7 },
    { sum: 8 },
    ['latency_lte', { max_seconds: 60 }],
    holds('output.sum == 7.0'),
  ),
];

interface Work {
  readonly name: string;
  readonly runtime: string;
  readonly program: string;
  readonly seen: readonly [input: string, output: string];
  /** Outputs by their inputs. */
  readonly hidden: Readonly<Record<string, string>>;
}

const works: readonly Work[] = [
  {
    name: 'doubles',
    runtime: 'python:3',
    program: 'print(2 * int(input()))',
    seen: ['4', '8'],
    hidden: { '21': '42', '-3': '-6' },
  },
  {
    name: 'reverses',
    runtime: 'python:3',
    program: 'print(input()[::-1])',
    seen: ['abc', 'cba'],
    hidden: { stop: 'pots', ab: 'ba' },
  },
  {
    name: 'counts words',
    runtime: 'python:3',
    program: 'print(len(input().split()))',
    seen: ['a b', '2'],
    hidden: { one: '1', 'a b c d': '4' },
  },
  {
    name: 'sorts',
    runtime: 'python:3',
    program: 'print(*sorted(map(int, input().split())))',
    seen: ['3 1', '1 3'],
    hidden: { '9 8 7': '7 8 9', '2 -1': '-1 2' },
  },
  {
    name: 'adds',
    runtime: 'node:24',
    program:
      "console.log(require('fs').readFileSync(0, 'utf8').split(' ').reduce((a, b) => a + Number(b), 0))",
    seen: ['1 2', '3'],
    hidden: { '20 22': '42', '5': '5.0' },
  },
  {
    name: 'is in capitals',
    runtime: 'node:24',
    program: "console.log(require('fs').readFileSync(0, 'utf8').toUpperCase())",
    seen: ['abc', 'ABC'],
    hidden: { q: 'Q', Été: 'ÉTÉ' },
  },
  {
    name: 'finds the greatest',
    runtime: 'node:24',
    program: "console.log(Math.max(...require('fs').readFileSync(0, 'utf8').split(' ')))",
    seen: ['1 9 3', '9'],
    hidden: { '4 2': '4', '-5 -7': '-5' },
  },
  {
    name: 'squares',
    runtime: 'bash:5',
    program: 'read n; echo $((n * n))',
    seen: ['3', '9'],
    hidden: { '12': '144', '-2': '4' },
  },
  {
    name: 'divides',
    runtime: 'bash:5',
    program: 'read n; echo $((n % 7))',
    seen: ['12', '5'],
    hidden: { '20': '6', '9': '2' },
  },
  {
    name: 'counts down',
    runtime: 'bash:5',
    program: 'read n; while ((n > 0)); do echo $((n--)); done',
    seen: ['2', '2 1'],
    hidden: { '3': '3 2 1', '4': '4 3 2 1' },
  },
];

const prints0: Readonly<Record<string, string>> = {
  'python:3': 'print(0)',
  'node:24': 'console.log(0)',
  'bash:5': 'echo 0',
};

const caseOf = ([stdin, stdout]: readonly [string, string]) => ({
  stdin,
  expect: { stdout, compare: 'numbers' },
});

/** Ten suites for a delivered program, by one visible case each and by hidden ones. */
export const programSuites: readonly Suite[] = works.map(({ name, runtime, program, seen, hidden }) => {
  const kept = { salt: `salt-of-a-suite-that-${name}`, cases: Object.entries(hidden).map(caseOf) };
  const promise = { count: kept.cases.length, commitment: criteriaHash(kept) };
  const params = { source: '$.program', runtime, cases: [caseOf(seen)], hidden: promise };
  return {
    name,
    criteria: { tests: [{ test_id: 'program', type: 'program', params }] },
    hiddenCases: { program: kept },
    reference: { program },
    stub: { program: prints0[runtime] },
  };
});
