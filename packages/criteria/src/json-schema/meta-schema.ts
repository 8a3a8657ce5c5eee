import { listApplicators, mapApplicators, singleApplicators } from './keywords.ts';

export const metaSchemaUri = 'https://json-schema.org/draft/2020-12/schema';
const vocabularies = [
  'applicator',
  'content',
  'core',
  'format-annotation',
  'format-assertion',
  'meta-data',
  'unevaluated',
  'validation',
];

/** URIs that mean the draft itself, which no schema may take for its own. */
export const reservedUris: ReadonlySet<string> = new Set([
  metaSchemaUri,
  ...vocabularies.map((name) => `https://json-schema.org/draft/2020-12/meta/${name}`),
]);

type Shape = Readonly<Record<string, unknown>>;
const each = (names: readonly string[], shape: Shape) => names.map((name): [string, Shape] => [name, shape]);

const schema: Shape = { $dynamicRef: '#meta' };
const text: Shape = { type: 'string' };
const flag: Shape = { type: 'boolean' };
const number: Shape = { type: 'number' };
const count: Shape = { type: 'integer', minimum: 0 };
const names: Shape = { type: 'array', items: text, uniqueItems: true };
const anchor: Shape = { type: 'string', pattern: '^[A-Za-z_][-A-Za-z0-9._]*$' };
const simpleType: Shape = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };

/**
 * What each keyword of JSON Schema 2020-12 may hold, as one schema: the draft's own meta-schema is nine documents that say the
 * same. A stranger's schema is validated against it, and `$ref` to the draft leads to it.
 */
export const metaSchema: Shape = {
  $id: metaSchemaUri,
  $dynamicAnchor: 'meta',
  type: ['object', 'boolean'],
  properties: Object.fromEntries<Shape>([
    ...each(singleApplicators, schema),
    ...each(listApplicators, { type: 'array', minItems: 1, items: schema }),
    ...each(mapApplicators, { type: 'object', additionalProperties: schema }),
    ...each(['$comment', '$dynamicRef', '$ref', '$schema', 'contentEncoding', 'contentMediaType'], text),
    ...each(['description', 'format', 'pattern', 'title'], text),
    ...each(['$anchor', '$dynamicAnchor'], anchor),
    ...each(['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum'], number),
    ...each(['maxContains', 'maxItems', 'maxLength', 'maxProperties'], count),
    ...each(['minContains', 'minItems', 'minLength', 'minProperties'], count),
    ...each(['deprecated', 'readOnly', 'uniqueItems', 'writeOnly'], flag),
    ['$id', { type: 'string', pattern: '^[^#]*#?$' }],
    ['$vocabulary', { type: 'object', additionalProperties: flag }],
    ['dependentRequired', { type: 'object', additionalProperties: names }],
    ['enum', { type: 'array' }],
    ['examples', { type: 'array' }],
    ['multipleOf', { type: 'number', exclusiveMinimum: 0 }],
    ['required', names],
    [
      'type',
      {
        if: { type: 'array' },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { items: simpleType, minItems: 1, uniqueItems: true },
        else: simpleType,
      },
    ],
  ]),
};
