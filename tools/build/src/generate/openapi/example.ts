import type { JsonSchema } from './json-schema.ts';

const DEPTH_MAX = 16;

/** An example value of a schema: its own where it has one, else the smallest that fits. */
export function exampleOf(
  schema: JsonSchema,
  named: Readonly<Record<string, JsonSchema>>,
  depth = 0,
): unknown {
  if (depth > DEPTH_MAX) return null;
  const again = (inner: unknown): unknown => exampleOf(inner as JsonSchema, named, depth + 1);
  if (schema.$ref !== undefined) return again(named[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (Array.isArray(schema.examples)) return schema.examples[0];
  // Examples of what is transformed on its way in are lost on the way out of zod; money is known by its description.
  if (typeof schema.description === 'string' && schema.description.startsWith('An amount')) return '12.50';
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (branches !== undefined) return again(branches[0]);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) === true)
          .map(([name, property]) => [name, again(property)]),
      );
    case 'array':
      return schema.items === undefined ? [] : [again(schema.items)];
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && Number(schema.minimum) > 0 ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'string':
      return textExample(schema);
    default:
      return null;
  }
}

function textExample(schema: JsonSchema): string {
  const pattern = typeof schema.pattern === 'string' ? schema.pattern : '';
  if (pattern.includes('{64}')) return 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  if (pattern.includes('{128}')) return '0'.repeat(128);
  if (schema.format === 'uuid') return '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
  if (schema.format === 'date-time') return '2026-01-31T12:00:00Z';
  return 'text';
}
