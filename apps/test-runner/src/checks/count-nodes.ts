import { compile, type JSONValue } from 'json-p3';

/**
 * How many nodes a JSONPath selects. A path that can select one node only, and selects an array, counts the
 * array's elements: `$.records` and `$.records[*]` mean the same number.
 */
export function countNodes(path: string, deliverable: unknown): number {
  const query = compile(path);
  const nodes = query.query(deliverable as JSONValue);
  const only = nodes.nodes[0]?.value;
  return query.singularQuery() && Array.isArray(only) ? only.length : nodes.length;
}
