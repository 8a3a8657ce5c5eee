import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { compileSchema, validate } from './index.ts';

const names = fc.constantFrom('a', 'b', 'c');
const count = fc.integer({ min: 0, max: 3 });
const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 3);
const types = fc.constantFrom('array', 'boolean', 'integer', 'null', 'number', 'object', 'string');

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.constantFrom('', 'a', 'ab', 'abc', null, true, false),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const { schema } = fc.letrec<{ schema: unknown; object: unknown }>((tie) => {
  const inner = tie('schema');
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const byName = fc.dictionary(names, inner, { maxKeys: 3, noNullPrototype: true });
  // Without contains, patternProperties and unevaluated…: there the other validator errs, and the official suite is held to.
  const keywords = {
    type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
    const: value,
    enum: fc.array(value, { minLength: 1, maxLength: 3 }),
    minimum: number,
    exclusiveMaximum: number,
    multipleOf: fc.constantFrom(0.5, 1, 2),
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom('^a', 'b$', '^[ab]*$'),
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    minProperties: count,
    maxProperties: count,
    required: fc.uniqueArray(names, { maxLength: 2 }),
    dependentRequired: fc.dictionary(names, fc.uniqueArray(names, { maxLength: 2 }), {
      noNullPrototype: true,
    }),
    properties: byName,
    additionalProperties: inner,
    propertyNames: inner,
    items: inner,
    prefixItems: list,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: inner,
    if: inner,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: inner,
    else: inner,
    dependentSchemas: byName,
    $ref: fc.constantFrom('#/$defs/leaf', '#leaf', 'leaf.json'),
  };
  const entry = fc.oneof(
    ...Object.entries(keywords).map(([keyword, arbitrary]) => fc.tuple(fc.constant(keyword), arbitrary)),
  );
  return {
    object: fc.array(entry, { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    schema: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.boolean(), tie('object')),
  };
});

const leaf = {
  leaf: { $anchor: 'leaf', properties: { a: { type: 'number' } }, minimum: 1 },
  other: { $id: 'leaf.json', maxLength: 2 },
};

/** What ajv says; null for schemas that it makes code from that throws. */
function validator(whole: Record<string, unknown>): (one: unknown) => 'valid' | 'invalid' | null {
  const check = new Ajv2020({ strict: false, logger: false, validateSchema: false }).compile(whole);
  return (one) => {
    try {
      return check(one) === true ? 'valid' : 'invalid';
    } catch {
      return null;
    }
  };
}

test('any schema gives any value the verdict that an independent validator gives it', () => {
  const agreed = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 1, maxLength: 4 }), (given, values) => {
      const inner = typeof given === 'boolean' ? { allOf: [given] } : (given as Record<string, unknown>);
      const whole = JSON.parse(JSON.stringify({ ...inner, $id: 'https://example.org/', $defs: leaf }));
      const ours = compileSchema(whole, { assertFormats: true });
      if (!ours.ok) throw new Error(JSON.stringify(ours.errors));
      const theirs = validator(whole);
      for (const one of values) {
        const expected = theirs(one);
        if (expected === null) continue;
        const { outcome } = validate(ours.compiled, one);
        expect({ one, outcome }).toEqual({ one, outcome: expected });
        agreed[expected] += 1;
      }
    }),
    { numRuns: 400 },
  );
  // The comparison is worth little when all is valid, or nothing.
  expect(Math.min(agreed.valid, agreed.invalid)).toBeGreaterThan(200);
});

test('any JSON as a schema is refused with a path or gives any value a verdict, and nothing throws', () => {
  const keys = fc.constantFrom(
    '$ref',
    '$id',
    '$anchor',
    '$dynamicRef',
    '$dynamicAnchor',
    '$defs',
    'allOf',
    'if',
    'items',
  );
  const targets = fc.constantFrom(
    '#',
    '#a',
    '#/$defs/a',
    '#/allOf/0',
    'a',
    'b#a',
    'urn:a:b#',
    '%',
    '#%',
    '//',
    '../x',
  );
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      targets,
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('any'), { maxLength: 2 }),
      fc.dictionary(fc.oneof(keys, names), tie('any'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(any, value, (given, one) => {
      const compilation = compileSchema(given, { assertFormats: true });
      if (compilation.ok) expect(typeof validate(compilation.compiled, one).outcome).toBe('string');
      else expect(compilation.errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});
