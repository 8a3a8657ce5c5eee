import type { Resource, SchemaDocument, SchemaNode } from './read-schema.ts';
import { dynamicTargets, type References } from './references.ts';
import { type Check, type Evaluated, enter, type Run } from './run.ts';

/** A schema made ready: its keywords' checks, in the order in which they run. */
export interface LinkedSchema {
  readonly resource: Resource;
  readonly checks: Check[];
}

/** Makes schemas ready, each once, and only those that the root can reach. */
export interface Linker {
  readonly document: SchemaDocument;
  readonly references: References;
  readonly linked: Map<SchemaNode, LinkedSchema>;
  /** By the name of a dynamic anchor. */
  readonly dynamic: Map<string, ReadonlyMap<Resource, LinkedSchema>>;
  /** Linked, and without their checks yet. */
  readonly waiting: SchemaNode[];
}

export function link(linker: Linker, node: SchemaNode): LinkedSchema {
  const known = linker.linked.get(node);
  if (known !== undefined) return known;
  const linked: LinkedSchema = { resource: node.resource, checks: [] };
  linker.linked.set(node, linked);
  linker.waiting.push(node);
  return linked;
}

/** The schema of a keyword such as `items`, or null. */
export function linkChild(linker: Linker, node: SchemaNode, keyword: string): LinkedSchema | null {
  const child = node.children.get(keyword);
  return child === undefined || child instanceof Map ? null : link(linker, child);
}

/** The schemas of a keyword such as `allOf` or `properties`, by index or name. */
export function linkChildren(linker: Linker, node: SchemaNode, keyword: string): [string, LinkedSchema][] {
  const children = node.children.get(keyword);
  if (!(children instanceof Map)) return [];
  return [...children].map(([name, child]) => [name, link(linker, child)]);
}

/** What a dynamic reference may lead to, by the resource of the dynamic scope that decides it; made once for each name. */
export function linkDynamic(linker: Linker, name: string): ReadonlyMap<Resource, LinkedSchema> {
  const targets =
    linker.dynamic.get(name) ??
    new Map(dynamicTargets(linker.document, name).map((target) => [target.resource, link(linker, target)]));
  linker.dynamic.set(name, targets);
  return targets;
}

/** Applies a schema to a value. What it evaluated stays in `evaluated` only if the value is valid. */
export function evaluate(run: Run, schema: LinkedSchema, value: unknown, evaluated: Evaluated): boolean {
  enter(run);
  const start = evaluated === null ? 0 : evaluated.length;
  const enters = run.scope.at(-1) !== schema.resource;
  if (enters) run.scope.push(schema.resource);
  let valid = true;
  for (const check of schema.checks) {
    run.work += 1;
    valid = check(run, value, evaluated, start);
    if (!valid) break;
  }
  if (enters) run.scope.pop();
  if (!valid && evaluated !== null) evaluated.length = start;
  run.depth -= 1;
  return valid;
}

/** Applies a schema to a member or element. */
export function descend(run: Run, schema: LinkedSchema, value: unknown, key: string | number): boolean {
  if (evaluate(run, schema, value, run.tracksEvaluated ? [] : null)) return true;
  run.failurePath.push(key);
  return false;
}
