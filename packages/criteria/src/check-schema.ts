import { Ajv2020 } from 'ajv/dist/2020.js';
import { criteriaBounds, jsonWithinBounds } from './bounds.ts';
import { checkPattern } from './check-expressions.ts';
import { isObject, own, type Problems, report } from './problems.ts';

const metaSchema = 'https://json-schema.org/draft/2020-12/schema';

/** Keywords whose value is one schema, a list of schemas, or a map of schemas by name. */
const single = [
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const maps = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'];

type Schema = Record<string, unknown> | boolean;
interface Place {
  readonly schema: unknown;
  readonly path: string;
}

// The meta-schema is ours and is compiled once; a schema under test never is, in this package.
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, addUsedSchema: false });

/**
 * Checks a JSON Schema against the meta-schema of 2020-12 without compiling it, that its references stay
 * inside it and lead somewhere, and that its patterns are RE2, which is what matches them later.
 */
export function checkSchema(problems: Problems, path: string, value: unknown): Schema | null {
  if (!isObject(value) && typeof value !== 'boolean') return report(problems, path, 'must be a JSON Schema');
  const { schemaDepth, schemaValues } = criteriaBounds;
  if (!jsonWithinBounds(value, schemaDepth, schemaValues)) {
    return report(
      problems,
      path,
      `is deeper than ${schemaDepth} levels or larger than ${schemaValues} values`,
    );
  }
  if (typeof value === 'boolean') return value;
  const dialect = own(value, '$schema');
  if (dialect !== undefined && dialect !== metaSchema && dialect !== `${metaSchema}#`) {
    return report(problems, `${path}.$schema`, `must be ${metaSchema}, or absent`);
  }
  if (ajv.validate(metaSchema, value) !== true) return reportMetaErrors(problems, path);
  const before = problems.errors.length;
  checkPlaces(problems, path, value);
  return problems.errors.length === before ? value : null;
}

function reportMetaErrors(problems: Problems, path: string): null {
  const error = ajv.errors?.[0];
  const inside = (error?.instancePath ?? '').replaceAll('/', '.');
  return report(problems, `${path}${inside}`, `is not JSON Schema 2020-12: ${error?.message ?? 'invalid'}`);
}

function checkPlaces(problems: Problems, path: string, root: Record<string, unknown>): void {
  const places = [...findSchemas(root, path)];
  const anchors = new Set<unknown>();
  for (const { schema } of places) {
    if (!isObject(schema)) continue;
    anchors.add(own(schema, '$anchor')).add(own(schema, '$dynamicAnchor'));
  }
  const known = new Set(places.map(({ schema }) => schema));
  let references = 0;
  for (const { schema, path: at } of places) {
    if (!isObject(schema)) continue;
    if (own(schema, '$id') !== undefined) report(problems, `${at}.$id`, 'is not supported');
    if (own(schema, '$schema') !== undefined && schema !== root)
      report(problems, `${at}.$schema`, 'is for the root');
    const pattern = own(schema, 'pattern');
    if (pattern !== undefined) checkPattern(problems, `${at}.pattern`, pattern);
    const patterns = own(schema, 'patternProperties');
    if (isObject(patterns)) {
      for (const key of Object.keys(patterns)) checkPattern(problems, `${at}.patternProperties`, key);
    }
    for (const keyword of ['$ref', '$dynamicRef']) {
      const reference = own(schema, keyword);
      if (typeof reference !== 'string') continue;
      references += 1;
      const wrong = wrongReference(root, reference, anchors, known);
      if (wrong !== null) report(problems, `${at}.${keyword}`, wrong);
    }
  }
  if (references > criteriaBounds.schemaReferences) report(problems, path, 'has too many references');
}

/** Every schema within a schema, its own included, in bounded memory: the caller has bounded its size. */
function* findSchemas(root: Schema, path: string): Generator<Place> {
  const stack: Place[] = [{ schema: root, path }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    yield place;
    const { schema, path: at } = place;
    if (!isObject(schema)) continue;
    for (const key of single) {
      const child = own(schema, key);
      if (child !== undefined) stack.push({ schema: child, path: `${at}.${key}` });
    }
    for (const key of lists) {
      const children = own(schema, key);
      if (!Array.isArray(children)) continue;
      for (const [index, child] of children.entries())
        stack.push({ schema: child, path: `${at}.${key}.${index}` });
    }
    for (const key of maps) {
      const children = own(schema, key);
      if (!isObject(children)) continue;
      for (const [name, child] of Object.entries(children)) {
        stack.push({ schema: child, path: `${at}.${key}.${name.slice(0, 50)}` });
      }
    }
  }
}

/** Null when a reference stays inside the schema and leads to a schema. */
function wrongReference(
  root: Record<string, unknown>,
  reference: string,
  anchors: ReadonlySet<unknown>,
  known: ReadonlySet<unknown>,
): string | null {
  if (!reference.startsWith('#')) return 'must stay inside the schema: it must begin with #';
  let fragment: string;
  try {
    fragment = decodeURIComponent(reference.slice(1));
  } catch {
    return 'is not a valid reference';
  }
  if (fragment === '') return null;
  if (!fragment.startsWith('/')) return anchors.has(fragment) ? null : 'leads to no anchor';
  let target: unknown = root;
  for (const token of fragment.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(target)) target = /^\d{1,6}$/.test(key) ? target[Number(key)] : undefined;
    else target = isObject(target) ? own(target, key) : undefined;
  }
  return typeof target === 'boolean' || known.has(target) ? null : 'leads to no schema';
}
