import { criteriaBounds } from '../bounds.ts';
import { type CheckedSchema, type CompiledSchema, draftSchema, linkSchema } from './compile-schema.ts';
import { metaSchemaUri, reservedUris } from './meta-schema.ts';
import { compilePattern } from './pattern.ts';
import {
  dotted,
  own,
  pathOf,
  readDocument,
  type SchemaDocument,
  type SchemaError,
  type SchemaNode,
  type SchemaObject,
} from './read-schema.ts';
import { findEndlessReference, resolveReferences } from './references.ts';
import { validate } from './validate.ts';

type Refused = { readonly ok: false; readonly errors: readonly SchemaError[] };

/** Keywords of other drafts and libraries, which would assert nothing here. */
const refusedKeywords: Readonly<Record<string, string>> = {
  $async: 'is not of JSON Schema 2020-12',
  $recursiveRef: 'is not of JSON Schema 2020-12: use $dynamicRef',
  additionalItems: 'is not of JSON Schema 2020-12: use prefixItems and items',
  dependencies: 'is not of JSON Schema 2020-12: use dependentRequired or dependentSchemas',
};
const refKeywords = ['$ref', '$dynamicRef'];

/**
 * Checks a schema, its patterns aside: against the draft, that every reference leads to a schema within it, and that none comes
 * back to itself for ever. Takes any JSON value.
 */
export function readSchema(value: unknown): { readonly ok: true; readonly checked: CheckedSchema } | Refused {
  const shape = validate(draftSchema, value);
  if (shape.outcome === 'too_expensive') return refuse('', 'is too deep or too large');
  if (shape.outcome === 'invalid') {
    return refuse(dotted(shape.path), `is not JSON Schema 2020-12: ${shape.message}`);
  }
  const document = readDocument(value as SchemaObject | boolean);
  for (const node of document.nodes) checkKeywords(document, node);
  const referring = document.nodes.filter((node) =>
    refKeywords.some((keyword) => own(node.schema, keyword) !== undefined),
  );
  // What resolving them takes is the product of their number and the number of resources.
  if (referring.length > criteriaBounds.schemaReferences) return refuse('', 'has too many references');
  const references = resolveReferences(document);
  findEndlessReference(document, references);
  if (document.errors.length > 0) return { ok: false, errors: document.errors };
  return { ok: true, checked: { document, references } };
}

const refuse = (path: string, message: string): Refused => ({ ok: false, errors: [{ path, message }] });

function checkKeywords({ errors }: SchemaDocument, node: SchemaNode): void {
  const { schema } = node;
  const add = (keyword: string, message: string) => errors.push({ path: pathOf(node, keyword), message });
  for (const [keyword, message] of Object.entries(refusedKeywords)) {
    if (own(schema, keyword) !== undefined) add(keyword, message);
  }
  const dialect = own(schema, '$schema');
  if (dialect !== undefined && dialect !== metaSchemaUri && dialect !== `${metaSchemaUri}#`) {
    add('$schema', `must be ${metaSchemaUri}, or absent`);
  }
  if (reservedUris.has(node.resource.uri) && node.resource.root === node)
    add('$id', 'names the draft itself');
}

/** The patterns of a schema, with their paths. */
export function* patternsOf({ document }: CheckedSchema): Generator<{ path: string; pattern: string }> {
  for (const node of document.nodes) {
    const pattern = own(node.schema, 'pattern');
    if (typeof pattern === 'string') yield { path: pathOf(node, 'pattern'), pattern };
    const byPattern = node.children.get('patternProperties');
    if (!(byPattern instanceof Map)) continue;
    for (const name of byPattern.keys()) yield { path: pathOf(node, 'patternProperties'), pattern: name };
  }
}

/** The paths of `enum` without values: allowed by the draft, and never true. */
export function emptyEnumsOf({ document }: CheckedSchema): string[] {
  const isEmpty = (values: unknown): boolean => Array.isArray(values) && values.length === 0;
  return document.nodes
    .filter((node) => isEmpty(own(node.schema, 'enum')))
    .map((node) => pathOf(node, 'enum'));
}

/**
 * Makes a schema ready for `validate`.
 *
 * @param options.assertFormats whether `format` is asserted; else it is an annotation, as the draft has it
 */
export function compileSchema(
  value: unknown,
  options: { readonly assertFormats: boolean },
): { readonly ok: true; readonly compiled: CompiledSchema } | Refused {
  const read = readSchema(value);
  if (!read.ok) return read;
  for (const { path, pattern } of patternsOf(read.checked)) {
    try {
      compilePattern(pattern);
    } catch {
      return refuse(path, 'is not a regular expression in RE2 syntax');
    }
  }
  return { ok: true, compiled: linkSchema(read.checked, options.assertFormats) };
}
