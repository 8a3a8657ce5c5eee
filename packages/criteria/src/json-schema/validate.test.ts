import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileSchema, type Validation, validate } from './index.ts';

function run(schema: unknown, value: unknown, budget?: { work: number; depth: number }): Validation {
  const compilation = compileSchema(schema, { assertFormats: true });
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.errors));
  return validate(compilation.compiled, value, budget);
}
const outcomeOf = (schema: unknown, value: unknown) => run(schema, value).outcome;
const json = (text: string): unknown => JSON.parse(text);

describe('names that every object inherits', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
  test.each(names)('the inherited name %s is a missing member unless the value has it', (name) => {
    const having = json(`{${JSON.stringify(name)}:1}`);
    expect(outcomeOf({ required: [name] }, {})).toBe('invalid');
    expect(outcomeOf({ required: [name] }, having)).toBe('valid');
    expect(outcomeOf({ dependentRequired: { a: [name] } }, { a: 1 })).toBe('invalid');
    expect(outcomeOf(json(`{"dependentRequired":{${JSON.stringify(name)}:["a"]}}`), {})).toBe('valid');
    expect(outcomeOf(json(`{"dependentSchemas":{${JSON.stringify(name)}:false}}`), {})).toBe('valid');
  });
  test.each(names)('a schema for the member %s looks at that member alone', (name) => {
    const schema = json(`{"properties":{${JSON.stringify(name)}:{"type":"number"}}}`);
    expect(outcomeOf(schema, {})).toBe('valid');
    expect(outcomeOf(schema, json(`{${JSON.stringify(name)}:1}`))).toBe('valid');
    expect(outcomeOf(schema, json(`{${JSON.stringify(name)}:"1"}`))).toBe('invalid');
  });
  test.each(names)('the member %s counts as any other does', (name) => {
    const having = json(`{${JSON.stringify(name)}:1}`);
    expect(outcomeOf({ additionalProperties: false }, having)).toBe('invalid');
    expect(outcomeOf({ unevaluatedProperties: false }, having)).toBe('invalid');
    expect(outcomeOf({ minProperties: 1 }, having)).toBe('valid');
    expect(outcomeOf({ const: {} }, having)).toBe('invalid');
    expect(outcomeOf({ const: having }, {})).toBe('invalid');
    expect(outcomeOf({ uniqueItems: true }, [having, {}])).toBe('valid');
    expect(outcomeOf({ uniqueItems: true }, [having, having])).toBe('invalid');
  });
});

describe('multipleOf is decimal', () => {
  test('every amount up to 100.00 is a multiple of 0.01', () => {
    const cents = Array.from({ length: 10_001 }, (_, n) => n / 100);
    expect(outcomeOf({ items: { multipleOf: 0.01 } }, cents)).toBe('valid');
  });

  test('whatever two decimals are, one is a multiple of the other exactly when the digits say so', () => {
    const digits = fc.integer({ min: 1, max: 999_999 });
    const places = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(digits, places, digits, places, (a, i, b, j) => {
        const [value, divisor] = [Number(`${a}e-${i}`), Number(`${b}e-${j}`)];
        const isMultiple = (BigInt(a) * 10n ** BigInt(j)) % (BigInt(b) * 10n ** BigInt(i)) === 0n;
        expect(outcomeOf({ multipleOf: divisor }, value)).toBe(isMultiple ? 'valid' : 'invalid');
      }),
    );
  });

  test('multipleOf divides the largest exponents exactly', () => {
    expect(outcomeOf({ multipleOf: 1e-300 }, 1e308)).toBe('valid');
    expect(outcomeOf({ multipleOf: 3e-300 }, 1e308)).toBe('invalid');
    expect(outcomeOf({ multipleOf: 1e308 }, 5e-324)).toBe('invalid');
    expect(outcomeOf({ multipleOf: 1e308 }, -0)).toBe('valid');
  });
});

describe('work is counted', () => {
  const doubled = (keyword: string) => ({
    $ref: '#/$defs/d0',
    $defs: {
      ...Object.fromEntries(
        Array.from({ length: 24 }, (_, n) => [
          `d${n}`,
          { [keyword]: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
        ]),
      ),
      d24: { type: keyword === 'allOf' ? 'number' : 'string' },
    },
  });

  test.each(['allOf', 'anyOf', 'oneOf'])('24 doubled references under %s are too expensive', (keyword) => {
    const first = run(doubled(keyword), 1);
    expect(first.outcome).toBe('too_expensive');
    expect(run(doubled(keyword), 1)).toEqual(first);
  });

  test('uniqueItems finds among 40,000 objects the one that comes twice', () => {
    const items = Array.from({ length: 40_000 }, (_, n) => ({ n, text: `item ${n}` }));
    expect(outcomeOf({ uniqueItems: true }, items)).toBe('valid');
    items.push({ text: 'item 0', n: 0 });
    expect(outcomeOf({ uniqueItems: true }, items)).toBe('invalid');
  });

  test.each([
    ['a reference', { properties: { a: { $ref: '#' } } }],
    ['uniqueItems', { uniqueItems: true }],
    ['const', { const: json(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`) }],
    ['unevaluatedProperties', { $ref: '#/$defs/a', $defs: { a: { unevaluatedProperties: { $ref: '#' } } } }],
  ])('a value nested 3,000 deep under %s is too expensive, and overflows nothing', (_name, schema) => {
    const deep = json(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`);
    const value = 'uniqueItems' in schema ? [deep, deep] : deep;
    expect(outcomeOf(schema, value)).toBe('too_expensive');
  });

  test('a schema that takes more work than the budget is too expensive, and one that takes as much is not', () => {
    const schema = { items: { enum: ['a', 'b'] } };
    const value = Array.from({ length: 100 }, () => 'a');
    const { work } = run(schema, value);
    expect(run(schema, value, { work, depth: 10 }).outcome).toBe('valid');
    expect(run(schema, value, { work: work - 1, depth: 10 }).outcome).toBe('too_expensive');
    expect(run(schema, value, { work, depth: 1 }).outcome).toBe('too_expensive');
  });

  test('a pattern over much text is counted by the product of both', () => {
    const schema = { items: { pattern: '[ab]*a[ab]{900}c' } };
    expect(outcomeOf(schema, ['ab'.repeat(1_000)])).toBe('invalid');
    expect(outcomeOf(schema, ['ab'.repeat(100_000)])).toBe('too_expensive');
  });
});

describe('what a failure says', () => {
  const cases: [string, unknown, unknown, string, string][] = [
    ['a type', { items: { type: ['string', 'null'] } }, ['a', 1], '/1', 'must be string or null'],
    [
      'a missing member',
      { properties: { 'a/b': { required: ['c'] } } },
      { 'a/b': {} },
      '/a~1b',
      'must have the member "c"',
    ],
    [
      'a name',
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      '/ab',
      'the name must have at most 1 characters',
    ],
    ['an unevaluated member', { unevaluatedProperties: false }, { a: 1 }, '/a', 'must not be here'],
    [
      'alternatives',
      { anyOf: [{ items: { type: 'null' } }, { maxItems: 0 }] },
      [1],
      '',
      'must match one of the schemas of anyOf',
    ],
    [
      'a duplicate',
      { uniqueItems: true },
      [1, 2, 1],
      '',
      'must have no two equal elements, and element 2 came before',
    ],
  ];
  test.each(cases)(
    'the message of a failure names what was wrong: %s',
    (_name, schema, value, pointer, message) => {
      expect(run(schema, value)).toMatchObject({ outcome: 'invalid', pointer, message });
    },
  );

  test('the message of a failure is short, whatever the names in schema and value are', () => {
    const name = '\u{1F600}'.repeat(10_000);
    const deep = json(`${`{"${name}":`.repeat(60)}{}${'}'.repeat(60)}`);
    const schema = { required: ['a'], additionalProperties: { $ref: '#' }, propertyNames: { format: name } };
    const nested = {
      additionalProperties: { $ref: '#' },
      anyOf: [{ required: [name] }, { minProperties: 1 }],
    };
    const allRequired = { ...nested, anyOf: undefined, if: { minProperties: 1 }, else: { required: [name] } };
    const result = run(JSON.parse(JSON.stringify(allRequired)), deep);
    expect(result.outcome).toBe('invalid');
    expect(JSON.stringify({ ...result, path: [] }).length).toBeLessThan(1_000);
    expect(run(schema, { [name]: 1 })).toMatchObject({ pointer: '' });
  });
});

describe('equality is that of JSON', () => {
  test('in a schema numbers are equal by value, members in any order, and strings are never numbers', () => {
    expect(outcomeOf({ const: { a: 1, b: [2] } }, json('{"b":[2.0],"a":1e0}'))).toBe('valid');
    expect(outcomeOf({ enum: [0] }, -0)).toBe('valid');
    expect(outcomeOf({ enum: ['1', null, false] }, 1)).toBe('invalid');
    expect(outcomeOf({ uniqueItems: true }, [1, '1', true, 'true', null, 'null', [1], '[1]', {}, '{}'])).toBe(
      'valid',
    );
  });

  test('two values are equal for uniqueItems exactly when they are for const', () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((any) => json(JSON.stringify(any)));
    fc.assert(
      fc.property(value, value, fc.boolean(), (a, b, same) => {
        const other = same ? json(JSON.stringify(a)) : b;
        const equal = outcomeOf({ const: a }, other) === 'valid';
        expect(outcomeOf({ uniqueItems: true }, [a, other])).toBe(equal ? 'invalid' : 'valid');
      }),
      { numRuns: 500 },
    );
  });
});

test('minLength and maxLength count code points', () => {
  expect(outcomeOf({ minLength: 2 }, '\u{1F600}')).toBe('invalid');
  expect(outcomeOf({ maxLength: 1 }, '\u{1F600}')).toBe('valid');
});
