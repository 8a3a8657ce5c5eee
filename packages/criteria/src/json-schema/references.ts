import { inPlaceApplicators } from './keywords.ts';
import { metaSchema, metaSchemaUri } from './meta-schema.ts';
import {
  followPointer,
  own,
  pathOf,
  readDocument,
  type SchemaDocument,
  type SchemaNode,
} from './read-schema.ts';
import { resolveReference } from './uri-reference.ts';

/** Where `$ref` or `$dynamicRef` leads; `dynamicName` where the dynamic scope may lead elsewhere. */
export interface Reference {
  readonly target: SchemaNode;
  readonly dynamicName: string | null;
}
export type References = ReadonlyMap<SchemaNode, Readonly<Partial<Record<RefKeyword, Reference>>>>;

type RefKeyword = '$ref' | '$dynamicRef';
const refKeywords: readonly RefKeyword[] = ['$ref', '$dynamicRef'];

/** The draft's own document, and where its references lead. It is never changed. */
const draft = readDocument(metaSchema);
const draftResource = draft.resources.get(metaSchemaUri);

/** Resolves every reference of a document, within it or to the draft; what leads elsewhere is an error. */
export function resolveReferences(document: SchemaDocument): References {
  const references = new Map<SchemaNode, Partial<Record<RefKeyword, Reference>>>();
  const isDraft = document.resources.has(metaSchemaUri);
  for (const node of isDraft ? document.nodes : [...document.nodes, ...draft.nodes]) {
    for (const keyword of refKeywords) {
      const text = own(node.schema, keyword);
      if (typeof text !== 'string') continue;
      const found = resolve(document, node, text);
      if (typeof found === 'string') {
        document.errors.push({ path: pathOf(node, keyword), message: found });
        continue;
      }
      const reference = keyword === '$ref' ? { ...found, dynamicName: null } : found;
      references.set(node, { ...references.get(node), [keyword]: reference });
    }
  }
  return references;
}

function resolve(document: SchemaDocument, node: SchemaNode, text: string): Reference | string {
  const { uri, fragment } = resolveReference(node.resource.uri, text);
  const resource = document.resources.get(uri) ?? (uri === metaSchemaUri ? draftResource : undefined);
  if (resource === undefined) return 'leads out of the schema';
  if (fragment === null || fragment === '') return { target: resource.root, dynamicName: null };
  if (fragment.startsWith('/')) {
    const target = followPointer(resource.root, fragment);
    return target === null ? 'leads to no schema' : { target, dynamicName: null };
  }
  const target = resource.anchors.get(fragment);
  if (target === undefined) return 'leads to no anchor';
  return { target, dynamicName: resource.dynamicAnchors.get(fragment) === target ? fragment : null };
}

/** Each schema that a dynamic anchor may stand for, by the resource that has it. */
export function dynamicTargets(document: SchemaDocument, name: string): SchemaNode[] {
  const resources = [...document.resources.values(), ...draft.resources.values()];
  return resources.flatMap(({ dynamicAnchors }) => dynamicAnchors.get(name) ?? []);
}

/** Adds an error for a reference that can come back to itself without having gone into the value. */
export function findEndlessReference(document: SchemaDocument, references: References): void {
  const done = new Set<SchemaNode>();
  for (const first of document.nodes) {
    const path: { node: SchemaNode; next: SchemaNode[] }[] = [];
    const open = new Set<SchemaNode>();
    const enter = (node: SchemaNode): void => {
      done.add(node);
      open.add(node);
      path.push({ node, next: sameValueNodes(document, references, node) });
    };
    if (!done.has(first)) enter(first);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.next.pop();
      if (next === undefined) {
        open.delete(at.node);
        path.pop();
      } else if (open.has(next)) {
        const circle = path.slice(path.findIndex(({ node }) => node === next));
        const referring = circle.find(({ node }) => references.has(node))?.node ?? next;
        const keyword = references.get(referring)?.$ref === undefined ? '$dynamicRef' : '$ref';
        document.errors.push({
          path: pathOf(referring, keyword),
          message: 'comes back to itself without going into the value',
        });
        return;
      } else if (!done.has(next)) enter(next);
    }
  }
}

/** The schemas that a schema may apply to the very value that it is applied to. */
function sameValueNodes(document: SchemaDocument, references: References, node: SchemaNode): SchemaNode[] {
  const found: SchemaNode[] = [];
  for (const keyword of inPlaceApplicators) {
    const child = node.children.get(keyword);
    if (child === undefined) continue;
    if ((keyword === 'then' || keyword === 'else') && !node.children.has('if')) continue;
    found.push(...(child instanceof Map ? child.values() : [child]));
  }
  const { $ref, $dynamicRef } = references.get(node) ?? {};
  if ($ref !== undefined) found.push($ref.target);
  if ($dynamicRef !== undefined) found.push($dynamicRef.target);
  if (typeof $dynamicRef?.dynamicName === 'string')
    found.push(...dynamicTargets(document, $dynamicRef.dynamicName));
  return found;
}
