import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countWork, TooExpensive } from '../work.ts';
import { CelError, evaluateCel, wrongCel } from './index.ts';

const evaluate = (expression: string, output: unknown, steps = 1_000_000) =>
  evaluateCel(expression, { output }, countWork(steps, 'steps'));
const wrong = (expression: string): string | null => wrongCel(expression, ['output']);

describe('members of a deliverable are plain names', () => {
  test('an object that looks like a protobuf wrapper is not the value it names', () => {
    const output = { ok: { $typeName: 'google.protobuf.BoolValue', value: true } };
    expect(evaluate('output.ok == true', output)).toBe(false);
    expect(evaluate('output.ok.value', output)).toBe(true);
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '@result'])(
    'a member named %s is read when it is there and missing when it is not',
    (name) => {
      const output: unknown = JSON.parse(`{${JSON.stringify(name)}: 7}`);
      const at = `output[${JSON.stringify(name)}]`;
      expect(evaluate(`${at} == 7.0 && ${JSON.stringify(name)} in output`, output)).toBe(true);
      expect(evaluate(`${at} == 7.0`, {})).toBeInstanceOf(CelError);
      expect(evaluate(`${JSON.stringify(name)} in output`, {})).toBe(false);
    },
  );

  test('a parsed __proto__ gives the deliverable no members', () => {
    const output: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    expect(evaluate('has(output.admin)', output)).toBe(false);
    expect(evaluate('output.__proto__.admin', output)).toBe(true);
  });
});

describe('what can never be true or false is refused at the proposal', () => {
  const unfit: [string, RegExp][] = [
    ['1+1', /value is int/],
    ['"x"', /value is string/],
    ['output.n + 1.0', /value is double/],
    ['size(output)', /value is int/],
    ['output.map(x, x)', /value is list/],
    ['[output]', /value is list/],
    ['type(output)', /value is type/],
    ['output.a == 1 ? "yes" : "no"', /value is string/],
    ['1/0 == 1', /divide by zero/],
    ['output.a == 1 && "x".matches("[")', /RE2/],
    ['output.s.matches("[")', /RE2/],
    ['output.s.matches("(?=a)")', /RE2/],
    ['output.s.matches("(a{1000}){1000}")', /repeats too much/],
    ['frobnicate(output)', /unknown function: frobnicate/],
    ['output.frobnicate(1)', /unknown function: frobnicate/],
    ['size(input) > 0', /unknown name: input/],
    ['constructor == 1', /unknown name: constructor/],
    ['output.all(x, y > 0)', /unknown name: y/],
    ['output.all(x, x > 0.0) && x > 0.0', /unknown name: x/],
    ['output.n + 1 == 2.0', /never works.*int\(output\.n\)/],
    ['output.n % 2.0 == 0.0', /never works/],
    ['size(output, 1) > 0', /never works/],
    ['output.when.getHours() > 3', /never works/],
    ['output < null', /never works/],
    ['!output.n + 1', /never works/],
    ['1 && output.ok', /needs true or false/],
    ['timestamp("yesterday") < timestamp(output.at)', /RFC 3339/],
    ['TestAllTypes{a: 1} == output', /messages are not supported/],
    ['output.', /is not a CEL expression/],
    ['9223372036854775808 == output.n', /beyond 64 bits/],
  ];
  test.each(unfit)('the expression %s is refused', (expression, message) => {
    expect(wrong(expression)).toMatch(message);
  });

  const fit = [
    'true',
    'output',
    'output.ok',
    'output.n == 1',
    'output.n + 1.0 > 2',
    'int(output.n) % 2 == 0',
    'output.s.matches("^a+$")',
    'output.s.matches(output.pattern)',
    'output.records.all(r, r.n > 0 && has(r.name))',
    'output.exists_one(k, k == "a")',
    'output.map(x, x * 2.0).exists(y, y > 3)',
    'output.filter(x, x.ok).size() > 2',
    'timestamp(output.at) - timestamp("2026-01-01T00:00:00Z") < duration("24h")',
    'output["content-type"] == "text/plain"',
    'type(output) == map',
    'dyn(output.a)',
    '{"a": output}["a"]',
    'output.a ? output : false',
  ];
  test.each(fit)('the expression %s is accepted', (expression) => {
    expect(wrong(expression)).toBeNull();
  });

  test('an expression that is true or false for some deliverable is never refused', () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(
          'output',
          'output.a',
          'output[0]',
          '1',
          '2.5',
          '"a"',
          'true',
          'null',
          '[1, "a"]',
          '{"a": 1}',
        ),
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom('==', '<', '+', '-', '*', '/', '%', 'in'),
            tie('expression'),
          )
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie('expression').map((a) => `!${a}`),
        tie('expression').map((a) => `size(${a})`),
        tie('expression').map((a) => `int(${a})`),
        tie('expression').map((a) => `string(${a})`),
        tie('expression').map((a) => `${a}.all(x, x == 1)`),
        tie('expression').map((a) => `${a}.map(x, x)[0]`),
        tie('expression').map((a) => `${a}.contains("a")`),
        tie('expression').map((a) => `(has(output.a) ? ${a} : false)`),
      ),
    }));
    const outputs = [
      null,
      true,
      1,
      2.5,
      'a',
      [],
      [1, 'a'],
      [true],
      { a: 1 },
      { a: 'a' },
      { a: [1] },
      { a: { a: true } },
    ];
    fc.assert(
      fc.property(expression, (text) => {
        const answers = outputs.some((output) => typeof evaluate(text, output) === 'boolean');
        // A choice hides a branch that fails always, which is refused all the same.
        if (answers && wrong(text) !== null) expect(text).toContain('?');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what only the deliverable brings out', () => {
  test.each([
    ['output.missing > 1.0', {}, 'no such key: missing'],
    ['output.n > 1.0', { n: 'a' }, 'no such overload: >(string, double)'],
    ['output[3] == 1', [], 'index out of bounds: 3'],
    ['output.all(x, x)', 7, 'double cannot be iterated'],
    ['int(output) > 1', 'x', "cannot convert 'x' to int"],
    ['"a".matches(output)', '[', 'not a regular expression in RE2 syntax'],
  ])('%s over %j has no answer, and says why', (expression, output, message) => {
    expect(evaluate(expression, output)).toMatchObject({ message: expect.stringContaining(message) });
  });

  test('in CEL an operand that decides wins over an error on either side', () => {
    expect(evaluate('output.missing > 1.0 || output.ok', { ok: true })).toBe(true);
    expect(evaluate('output.ok && output.missing > 1.0', { ok: false })).toBe(false);
  });

  test('CEL compares and measures text by characters, whatever their width in memory', () => {
    expect(evaluate('size(output) == 1', '😀')).toBe(true);
    expect(evaluate('output < "😀"', '\uff5e')).toBe(true);
  });
});

describe('work is counted, and so the same on every machine', () => {
  const numbers = Array.from({ length: 3_000 }, (_, n) => n);
  test.each([
    'output.all(a, output.all(b, output.all(c, true)))',
    'size(output.map(a, output.map(b, output.map(c, [a, b, c])))) == 1',
    'output.all(a, output == output.map(x, x))',
    'output.map(a, output + output).all(x, true)',
    'output.all(a, !string(a).matches("(" + string(a) + "){2}"))',
  ])('%s over 3,000 numbers stops after the same steps each time', (expression) => {
    const stops = [1, 2].map(() => {
      let spent = 0;
      const counter = countWork(1_000_000, 'steps');
      const work = {
        spend(steps: number) {
          spent += steps;
          counter.spend(steps);
        },
      };
      expect(() => evaluateCel(expression, { output: numbers }, work)).toThrow(TooExpensive);
      return spent;
    });
    expect(stops[0]).toBe(stops[1]);
  });

  test('a list that a CEL macro builds costs as much as it is long', () => {
    expect(evaluate('output.map(x, x + 1.0).filter(x, x > 5.0).size() == 2995', numbers, 60_000)).toBe(true);
  });
});

test('parts of a CEL timestamp do not depend on the time zone of the machine', () => {
  const before = process.env.TZ;
  process.env.TZ = 'Asia/Kathmandu';
  try {
    expect(evaluate('timestamp(output).getHours() == 23', '2009-02-13T23:31:30Z')).toBe(true);
    expect(evaluate('timestamp(output).getHours("-08:00") == 15', '2009-02-13T23:31:30Z')).toBe(true);
  } finally {
    process.env.TZ = before;
  }
});
