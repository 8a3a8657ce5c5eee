import { storableText } from '@agent-registry/schemas';
import { criteriaBounds } from '../bounds.ts';
import { listApplicators, mapApplicators, singleApplicators } from './keywords.ts';
import { resolveReference } from './uri-reference.ts';

export type SchemaObject = Readonly<Record<string, unknown>>;

/** A schema with an `$id` of its own, and all that stands in it. */
export interface Resource {
  readonly uri: string;
  readonly root: SchemaNode;
  readonly anchors: Map<string, SchemaNode>;
  readonly dynamicAnchors: Map<string, SchemaNode>;
}

/** One schema at its place. */
export interface SchemaNode {
  readonly schema: SchemaObject | boolean;
  readonly parent: SchemaNode | null;
  /** From the parent to here, such as `['properties', 'a']`. */
  readonly tokens: readonly string[];
  readonly resource: Resource;
  /** By keyword; of lists and maps, by index or name. */
  readonly children: Map<string, SchemaNode | Map<string, SchemaNode>>;
}

/** What is wrong with a schema. `path` is dotted, such as `properties.a.$ref`; empty for the whole. */
export interface SchemaError {
  readonly path: string;
  readonly message: string;
}

/** Where a schema begins that says no `$id`. */
const rootUri = 'schema:';
const nameChars = 50;

/** Tokens as a dotted path, with long names cut. */
export function dotted(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => storableText(String(token), nameChars)).join('.');
}

const isSchema = (value: unknown): value is SchemaObject | boolean =>
  typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value));

/** A member of its own, so that a name such as `constructor` finds nothing inherited. */
export function own(schema: SchemaObject | boolean, key: string): unknown {
  return typeof schema !== 'boolean' && Object.hasOwn(schema, key) ? schema[key] : undefined;
}

/** The dotted path of a node, or of something below it. */
export function pathOf(node: SchemaNode, ...more: readonly string[]): string {
  const tokens = [...more];
  for (let at: SchemaNode | null = node; at !== null; at = at.parent) tokens.unshift(...at.tokens);
  return dotted(tokens);
}

/** Every schema of a document, and its resources by URI. */
export interface SchemaDocument {
  readonly nodes: SchemaNode[];
  readonly resources: Map<string, Resource>;
  readonly errors: SchemaError[];
}

/** Finds the schemas within a schema, which must have passed the meta-schema, without recursion. */
export function readDocument(root: SchemaObject | boolean): SchemaDocument {
  const document: SchemaDocument = { nodes: [], resources: new Map(), errors: [] };
  const stack = [makeNode(document, root, null, [])];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    document.nodes.push(node);
    readAnchors(document, node);
    stack.push(...readChildren(document, node).reverse());
  }
  return document;
}

function makeNode(
  document: SchemaDocument,
  schema: SchemaObject | boolean,
  parent: SchemaNode | null,
  tokens: readonly string[],
): SchemaNode {
  const base = parent?.resource;
  const id = own(schema, '$id');
  const children = new Map<string, SchemaNode | Map<string, SchemaNode>>();
  if (base !== undefined && typeof id !== 'string')
    return { schema, parent, tokens, children, resource: base };
  const uri = typeof id === 'string' ? resolveId(base?.uri ?? rootUri, id) : rootUri;
  const resource = { uri: uri ?? rootUri, anchors: new Map(), dynamicAnchors: new Map() };
  const node = { schema, parent, tokens, children, resource: resource as unknown as Resource };
  Object.assign(resource, { root: node });
  const wrong = uri === null ? 'is too long' : document.resources.has(uri) ? 'is used twice' : null;
  if (wrong !== null) document.errors.push({ path: pathOf(node, '$id'), message: wrong });
  document.resources.set(node.resource.uri, node.resource);
  return node;
}

/** Null for what is too long: bases add up, and each schema inside keeps its own. */
function resolveId(base: string, id: string): string | null {
  if (id.length > criteriaBounds.schemaUri) return null;
  const { uri } = resolveReference(base, id);
  return uri.length > criteriaBounds.schemaUri ? null : uri;
}

function readAnchors({ errors }: SchemaDocument, node: SchemaNode): void {
  const { anchors, dynamicAnchors } = node.resource;
  for (const keyword of ['$anchor', '$dynamicAnchor']) {
    const name = own(node.schema, keyword);
    if (typeof name !== 'string') continue;
    const before = anchors.get(name);
    if (before !== undefined && before !== node) {
      errors.push({ path: pathOf(node, keyword), message: 'is used twice' });
    }
    anchors.set(name, node);
    if (keyword === '$dynamicAnchor') dynamicAnchors.set(name, node);
  }
}

function readChildren(document: SchemaDocument, node: SchemaNode): SchemaNode[] {
  const found: SchemaNode[] = [];
  const add = (schema: unknown, tokens: readonly string[]): SchemaNode | null => {
    if (!isSchema(schema)) return null;
    const child = makeNode(document, schema, node, tokens);
    found.push(child);
    return child;
  };
  const { schema } = node;
  for (const keyword of singleApplicators) {
    const child = add(own(schema, keyword), [keyword]);
    if (child !== null) node.children.set(keyword, child);
  }
  for (const keyword of [...listApplicators, ...mapApplicators]) {
    const members = own(schema, keyword);
    if (typeof members !== 'object' || members === null) continue;
    const children = new Map<string, SchemaNode>();
    for (const [name, member] of Object.entries(members)) {
      const child = add(member, [keyword, name]);
      if (child !== null) children.set(name, child);
    }
    node.children.set(keyword, children);
  }
  return found;
}

/** The schema that a JSON Pointer, percent-encoded as in a fragment, leads to from a resource's root. */
export function followPointer(root: SchemaNode, pointer: string): SchemaNode | null {
  let tokens: string[];
  try {
    tokens = decodeURIComponent(pointer).split('/').slice(1);
  } catch {
    return null;
  }
  let at: SchemaNode | Map<string, SchemaNode> | undefined = root;
  for (const token of tokens) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    at = at instanceof Map ? at.get(name) : at?.children.get(name);
  }
  return at === undefined || at instanceof Map ? null : at;
}
