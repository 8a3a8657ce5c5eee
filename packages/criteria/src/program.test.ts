import { criteriaHash } from '@agent-registry/signing';
import { describe, expect, test } from '@jest/globals';
import { checkCriteria } from './check-criteria.ts';

const offeredRuntimes = ['javascript', 'python:3', 'node:24', 'bash:5'];
const visible = [{ stdin: '1 2', expect: { stdout: '3\n' } }];
const hidden = { salt: 'a salt nobody can guess', cases: [{ stdin: '4 5', expect: { stdout: '9\n' } }] };
const promise = { count: 1, commitment: criteriaHash(hidden) };

const check = (params: Record<string, unknown>, hiddenCases?: unknown) =>
  checkCriteria(
    {
      tests: [
        { test_id: 'adds', type: 'program', params: { source: '$.program', cases: visible, ...params } },
      ],
    },
    { offeredRuntimes, hiddenCases },
  );
/** The errors of one set of params, each as `path: message` with the path inside the params. */
const errors = (params: Record<string, unknown>, hiddenCases?: unknown): string[] => {
  const checked = check(params, hiddenCases);
  return checked.ok
    ? []
    : checked.errors.map(
        ({ path, message, ofHiddenCases }) =>
          `${ofHiddenCases ? 'hidden_cases ' : ''}${path.replace(/^tests\.0\.params\.?/, '')}: ${message}`,
      );
};

test('a program test is made ready to run, with its defaults filled in', () => {
  expect(check({})).toEqual({
    ok: true,
    criteria: {
      minPass: 1,
      tests: [
        {
          testId: 'adds',
          type: 'program',
          source: ['program'],
          runtime: 'python:3',
          cases: [
            {
              stdin: '1 2',
              args: [],
              expect: {
                kind: 'output',
                exitCode: 0,
                stdout: { text: '3\n', compare: 'exact', tolerance: 1e-9 },
              },
            },
          ],
          hiddenCases: [],
          timeoutSeconds: null,
          memoryLimitMb: null,
        },
      ],
    },
  });
});

test('hidden cases that are what the criteria promise become cases of their test', () => {
  const checked = check({ hidden: promise }, { adds: hidden });
  expect(checked.ok && checked.criteria.tests[0]).toMatchObject({ hiddenCases: [{ stdin: '4 5' }] });
});

describe('a proposal with a program test is refused with the path of what is wrong:', () => {
  const one = (given: Record<string, unknown>) => ({ cases: [{ expect: { stdout: '' }, ...given }] });
  const expecting = (expect: unknown) => ({ cases: [{ expect }] });
  test.each<[string, Record<string, unknown>, string]>([
    [
      'javascript has no standard input',
      { runtime: 'javascript' },
      'runtime: javascript has no standard input',
    ],
    ['a runtime that is not offered', { runtime: 'ruby:3' }, 'runtime: "ruby:3" is not offered here'],
    [
      'a source of several nodes',
      { source: '$..x' },
      'source: must be a JSONPath of RFC 9535 that selects one node',
    ],
    ['a source that is no path', { source: 7 }, 'source: must be a JSONPath'],
    ['an unknown member', { timeout: 3 }, ': has the unknown member "timeout"; known: source, runtime'],
    ['no cases', { cases: [] }, 'cases: must be a list of 1 to 50 cases'],
    ['51 cases', { cases: Array(51).fill(visible[0]) }, 'cases: must be a list of 1 to 50 cases'],
    ['a case that is no object', { cases: [null] }, 'cases.0: must be an object'],
    ['an unknown member of a case', one({ input: '' }), 'cases.0: has the unknown member "input"'],
    ['standard input that is no text', one({ stdin: 5 }), 'cases.0.stdin: must be a string'],
    ['too long a standard input', one({ stdin: 'é'.repeat(32_769) }), 'cases.0.stdin: is over 65536 bytes'],
    ['17 arguments', one({ args: Array(17).fill('') }), 'cases.0.args: must be a list of at most 16 strings'],
    [
      'an argument that is a number',
      one({ args: [1] }),
      'cases.0.args: must be a list of at most 16 strings',
    ],
    ['NUL in an argument', one({ args: ['a\0'] }), 'cases.0.args: must not contain NUL'],
    ['too long arguments', one({ args: ['é'.repeat(2_049)] }), 'cases.0.args: is over 4096 bytes together'],
    ['nothing expected', expecting({}), 'cases.0.expect: must say what is expected'],
    [
      'nothing expected but a way to compare',
      expecting({ compare: 'exact' }),
      'cases.0.expect: must say what is expected',
    ],
    [
      'an unknown comparison',
      expecting({ stdout: '', compare: 'fuzzy' }),
      'cases.0.expect.compare: must be one of exact,',
    ],
    [
      'a comparison of nothing',
      expecting({ exit_code: 0, compare: 'exact' }),
      'cases.0.expect.compare: compares no stdout',
    ],
    [
      'a tolerance for texts',
      expecting({ stdout: '', tolerance: 0.1 }),
      'cases.0.expect.tolerance: is for the comparison numbers',
    ],
    [
      'a tolerance of 1',
      expecting({ stdout: '', compare: 'numbers', tolerance: 1 }),
      'cases.0.expect.tolerance: must be a number from 0 to below 1',
    ],
    [
      'too long an expectation',
      expecting({ stdout: 'x'.repeat(65_537) }),
      'cases.0.expect.stdout: is over 65536 bytes',
    ],
    [
      'an exit code above 128',
      expecting({ exit_code: 129 }),
      'cases.0.expect.exit_code: must be a whole number from 0 to 128',
    ],
    [
      'an assertion beside stdout',
      expecting({ assertion: 'true', stdout: '' }),
      'cases.0.expect: has the unknown member "stdout"; known: assertion',
    ],
    [
      'an assertion that does not parse',
      expecting({ assertion: 'stdout ==' }),
      'cases.0.expect.assertion: is not a CEL expression',
    ],
    [
      'a promise of no cases',
      { hidden: { count: 0, commitment: promise.commitment } },
      'hidden.count: must be a whole number from 1 to 50',
    ],
    [
      'a promise that is no hash',
      { hidden: { count: 1, commitment: 'x' } },
      'hidden.commitment: must be a sha256',
    ],
  ])('a proposal with a program test is refused: %s', (_what, params, message) => {
    expect(errors(params)).toEqual([expect.stringContaining(message)]);
  });
});

describe('hidden cases are refused where', () => {
  const promised = (sent: unknown, count = 1) => ({ hidden: { count, commitment: criteriaHash(sent) } });
  const wrong = { ...hidden, cases: [{ expect: { exit_code: 'none' } }] };
  test.each<[string, Record<string, unknown>, unknown, string]>([
    [
      'they are missing',
      { hidden: promise },
      undefined,
      'hidden_cases adds: must be {salt, cases} with the 1 hidden cases',
    ],
    ['null is sent for them', { hidden: promise }, null, 'hidden_cases adds: must be {salt, cases}'],
    [
      'another test’s are sent',
      { hidden: promise },
      { other: hidden },
      'hidden_cases adds: must be {salt, cases}',
    ],
    [
      'nobody asked for them',
      {},
      { adds: hidden },
      'hidden_cases adds: names no program test of the criteria with `hidden`',
    ],
    [
      'some of them nobody asked for',
      { hidden: promise },
      { adds: hidden, other: hidden },
      'hidden_cases other: names no program test',
    ],
    ['they are a list', {}, [hidden], 'hidden_cases : must be an object of test ids'],
    [
      'they are not what was promised',
      { hidden: promise },
      { adds: { ...hidden, salt: 'another salt of 16 chars' } },
      'hidden_cases adds: is not what `commitment` is the sha256 of',
    ],
    [
      'they are fewer than promised',
      promised(hidden, 2),
      { adds: hidden },
      'hidden_cases adds.cases: must be 2, as the criteria say',
    ],
    [
      'the salt can be guessed',
      promised({ ...hidden, salt: 'x' }),
      { adds: { ...hidden, salt: 'x' } },
      'hidden_cases adds.salt: must be a random string of 16 to 128 characters',
    ],
    [
      'a case is wrong',
      promised(wrong),
      { adds: wrong },
      'hidden_cases adds.cases.0.expect.exit_code: must be a whole number',
    ],
    [
      'they have another member',
      promised({ ...hidden, note: '' }),
      { adds: { ...hidden, note: '' } },
      'hidden_cases adds: has the unknown member "note"',
    ],
  ])('hidden cases are refused where %s', (_what, params, sent, message) => {
    expect(errors(params, sent)).toEqual([expect.stringContaining(message)]);
  });

  test('hidden cases that come with the short form of one script are refused', () => {
    const script = { script: Buffer.from('true').toString('base64'), runtime: 'bash' };
    const checked = checkCriteria(script, { offeredRuntimes, hiddenCases: { script: hidden } });
    expect(checked).toMatchObject({ ok: false, errors: [{ path: 'script', ofHiddenCases: true }] });
  });

  test('hidden cases whose salt has half a surrogate pair, which has no canonical form, are refused', () => {
    const sent = { ...hidden, salt: `${hidden.salt}\ud800` };
    expect(errors({ hidden: promise }, { adds: sent })).toEqual([expect.stringContaining('is not what')]);
  });
});
