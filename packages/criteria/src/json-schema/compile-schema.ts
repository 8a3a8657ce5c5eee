import { childChecks } from './check-children.ts';
import { inPlaceChecks } from './check-subschemas.ts';
import { valueChecks } from './check-values.ts';
import { type LinkedSchema, type Linker, link } from './linker.ts';
import { metaSchema } from './meta-schema.ts';
import { readDocument, type SchemaDocument, type SchemaNode } from './read-schema.ts';
import { type References, resolveReferences } from './references.ts';
import { fail, type Run } from './run.ts';

/** A schema that values can be validated against. */
export interface CompiledSchema {
  readonly root: LinkedSchema;
  /** Whether some keyword asks what others have evaluated. */
  readonly tracksEvaluated: boolean;
}

/** A schema that is in order: `readSchema` makes them. */
export interface CheckedSchema {
  readonly document: SchemaDocument;
  readonly references: References;
}

/**
 * Makes the schemas that the root can reach ready, with nothing generated and nothing shared with another schema.
 *
 * @param assertFormats whether `format` is asserted; else it is an annotation
 * @throws RE2JSException for a pattern that is not RE2
 */
export function linkSchema({ document, references }: CheckedSchema, assertFormats: boolean): CompiledSchema {
  const linker: Linker = { document, references, linked: new Map(), dynamic: new Map(), waiting: [] };
  const [first] = document.nodes;
  if (first === undefined) throw new RangeError('a document has at least its root');
  const root = link(linker, first);
  let tracksEvaluated = false;
  for (let node = linker.waiting.pop(); node !== undefined; node = linker.waiting.pop()) {
    link(linker, node).checks.push(...checksOf(linker, node, assertFormats));
    tracksEvaluated ||= node.children.has('unevaluatedProperties') || node.children.has('unevaluatedItems');
  }
  return { root, tracksEvaluated };
}

function* checksOf(linker: Linker, node: SchemaNode, assertFormats: boolean) {
  if (node.schema === false) yield (run: Run) => fail(run, 'must not be here');
  if (typeof node.schema === 'boolean') return;
  yield* valueChecks(node.schema, assertFormats);
  for (const make of [...inPlaceChecks, ...childChecks]) {
    const check = make(linker, node);
    if (check !== null) yield check;
  }
}

function linkDraft(): CompiledSchema {
  const document = readDocument(metaSchema);
  return linkSchema({ document, references: resolveReferences(document) }, false);
}

/** The draft's meta-schema, made ready once; it is never changed. */
export const draftSchema = linkDraft();
