import { describe, expect, test } from '@jest/globals';
import { checkCriteria } from './index.ts';
import { createJavascriptCompiler } from './javascript-compiler.ts';

const offeredRuntimes = ['javascript', 'python:3', 'node:24', 'bash:5'];
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const latency = { test_id: 'a', type: 'latency_lte', params: { max_seconds: 1 } };
const script = (text: string, runtime: string) => ({ script: base64(text), runtime });

const compileJavascript = await createJavascriptCompiler();

function errorsOf(value: unknown, isProposal = true) {
  const checked = checkCriteria(value, { offeredRuntimes, isProposal }, compileJavascript);
  return checked.ok ? [] : checked.errors;
}

describe('a member within two letters of a known one is refused at the proposal', () => {
  test.each([
    [{ tests: [latency], pass_treshold: 'majority' }, 'pass_treshold', 'pass_threshold'],
    [{ tests: [latency], versoin: '2' }, 'versoin', 'version'],
    [{ tests: [latency], disclosur: 'verdict' }, 'disclosur', 'disclosure'],
    [{ ...script('exit(0)', 'javascript'), timeout_second: 5 }, 'timeout_second', 'timeout_seconds'],
    [{ ...script('exit(0)', 'javascript'), Runtime: 'python' }, 'Runtime', 'runtime'],
    [{ tests: [{ ...latency, param: {} }] }, 'tests.0.param', 'params'],
    [
      { tests: [{ ...latency, params: { max_seconds: 1, maxseconds: 9 } }] },
      'tests.0.params.maxseconds',
      'max_seconds',
    ],
    [
      { tests: [{ test_id: 'a', type: 'contains', params: { pattern: 'a+', isregex: true } }] },
      'tests.0.params.isregex',
      'is_regex',
    ],
    [{ tests: [latency], pass_threshold: { min_pass: 1, minpass: 2 } }, 'pass_threshold.minpass', 'min_pass'],
  ])('a member within two letters of a known one is refused at the proposal: %j', (value, path, meant) => {
    expect(errorsOf(value)).toEqual([{ path, message: `is not a known member; did you mean ${meant}?` }]);
    expect(errorsOf(value, false)).toEqual([]);
  });

  test('unknown members that resemble no known one are kept', () => {
    const note = { note: 'x', title: 'y', description: 'z', name: 'n', id: 1, tags: [] };
    expect(
      errorsOf({ tests: [{ ...latency, ...note, params: { max_seconds: 1, ...note } }], ...note }),
    ).toEqual([]);
  });
});

describe('a script that fails whatever is delivered is refused at the proposal', () => {
  test.each([
    ['bash:5', 'exit 0\r\n', /carriage returns/],
    ['bash:5', '\ufeffexit 0\n', /byte order mark/],
    ['python:3', 'print(1)\0', /NUL/],
    ['javascript', 'let a = ;', /does not parse/],
    ['javascript', 'exit(0', /does not parse/],
    ['javascript', 'const a = 1; const a = 2;', /does not parse/],
    ['javascript', '/(/.test(deliverable)', /does not parse/],
    ['javascript', `${'('.repeat(20_000)}1${')'.repeat(20_000)}`, /does not parse/],
  ])(
    'a script that fails whatever is delivered is refused at the proposal: %s: %j',
    (runtime, text, message) => {
      expect(errorsOf(script(text, runtime))).toEqual([
        { path: 'script', message: expect.stringMatching(message) },
      ]);
      expect(errorsOf(script(text, runtime), false)).toEqual([]);
    },
  );

  test.each([
    ['bash:5', 'printf "\\r\\n"\n'],
    ['python:3', '\ufeffprint(1)\r\n'],
    ['node:24', 'import fs from "node:fs";\r\n'],
    ['javascript', '\ufeffawait null; exit(deliverable.a > 1 ? 0 : 1)\r\n// end'],
    ['javascript', 'throw new Error("not run when it is checked")'],
  ])('a script that may pass is accepted: %s: %j', (runtime, text) => {
    expect(errorsOf(script(text, runtime))).toEqual([]);
  });
});

test('an expression that can never be true or false is refused for a new job, and evaluated for one that was accepted', () => {
  const value = { tests: [{ test_id: 'a', type: 'assertion', params: { expression: '1 + 1' } }] };
  expect([errorsOf(value).length, errorsOf(value, false).length]).toEqual([1, 0]);
});

test('a name that is quoted in a refusal is never cut within a character', () => {
  for (let length = 40; length < 110; length += 1) {
    const name = `${'x'.repeat(length)}${'\u{1f600}'.repeat(60)}`;
    const hiddenCases = { [name]: { salt: 'a'.repeat(16), cases: [] } };
    const values = [{ tests: [latency] }, script('exit(0)', name), { tests: [latency], [name]: 1 }];
    for (const value of values) {
      const checked = checkCriteria(value, { offeredRuntimes, isProposal: true, hiddenCases });
      expect(JSON.stringify(checked)).not.toMatch(/\\u(d8|d9|da|db)/);
      for (const { path, message } of checked.ok ? [] : checked.errors)
        expect(path.isWellFormed() && message.isWellFormed()).toBe(true);
    }
  }
});
