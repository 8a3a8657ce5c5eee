import { compile, type JSONPathQuery, jsonpath } from 'json-p3';
import type { Work } from '../work.ts';

const { selectors } = jsonpath;
/** The library tells its kinds of segments apart by class, and exports neither. */
const descendantSegment = compile('$..*').segments[0]?.constructor;
type Selector = jsonpath.JSONPathSelector;

/** What a query is evaluated in. */
export interface Env {
  readonly root: unknown;
  readonly work: Work;
  /** Whether a filter keeps a node; filters hold queries, and so cannot be imported here. */
  readonly keeps: (filter: jsonpath.expressions.LogicalExpression, node: unknown, env: Env) => boolean;
}

/** A value that a query has selected costs more than a step: it is kept. */
const SELECT_STEPS = 4;

/**
 * The values that a query selects, in order. Where it is relative, `value` is the current node's.
 *
 * @throws TooExpensive when the work runs out
 */
export function select(query: JSONPathQuery, value: unknown, env: Env): unknown[] {
  let values = [value];
  for (const segment of query.segments) {
    const next: unknown[] = [];
    const isDeep = segment.constructor === descendantSegment;
    for (const item of values) {
      if (isDeep) descend(segment.selectors, item, env, next);
      else for (const selector of segment.selectors) apply(selector, item, env, next);
    }
    values = next;
  }
  return values;
}

/** The value itself first, then each of its children, with all that is in them. */
function descend(from: readonly Selector[], value: unknown, env: Env, out: unknown[]): void {
  env.work.spend(1);
  for (const selector of from) apply(selector, value, env, out);
  for (const child of childrenOf(value)) {
    if (typeof child === 'object' && child !== null) descend(from, child, env, out);
    else env.work.spend(1);
  }
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function apply(selector: Selector, value: unknown, env: Env, out: unknown[]): void {
  env.work.spend(1);
  if (typeof value !== 'object' || value === null) return;
  const keep = (item: unknown): void => {
    env.work.spend(SELECT_STEPS);
    out.push(item);
  };
  if (selector instanceof selectors.NameSelector) {
    const { name } = selector;
    if (!Array.isArray(value) && Object.hasOwn(value, name)) keep((value as Record<string, unknown>)[name]);
  } else if (selector instanceof selectors.IndexSelector) {
    if (!Array.isArray(value)) return;
    const at = selector.index < 0 ? value.length + selector.index : selector.index;
    if (at >= 0 && at < value.length) keep(value[at]);
  } else if (selector instanceof selectors.WildcardSelector) {
    for (const child of childrenOf(value)) keep(child);
  } else if (selector instanceof selectors.SliceSelector) {
    if (Array.isArray(value)) slice(selector, value, keep);
  } else if (selector instanceof selectors.FilterSelector) {
    for (const child of childrenOf(value)) {
      env.work.spend(1);
      if (env.keeps(selector.expression, child, env)) keep(child);
    }
  } else {
    throw new Error('a selector of no known kind');
  }
}

/** RFC 9535, 2.3.4.2.2. */
function slice(
  {
    start,
    stop,
    step = 1,
  }: { start?: number | undefined; stop?: number | undefined; step?: number | undefined },
  list: readonly unknown[],
  keep: (item: unknown) => void,
): void {
  const { length } = list;
  const place = (at: number): number => (at < 0 ? length + at : at);
  const clamp = (at: number, least: number, most: number): number => Math.min(Math.max(at, least), most);
  if (step > 0) {
    const end = clamp(place(stop ?? length), 0, length);
    for (let at = clamp(place(start ?? 0), 0, length); at < end; at += step) keep(list[at]);
  } else if (step < 0) {
    const end = clamp(place(stop ?? -length - 1), -1, length - 1);
    for (let at = clamp(place(start ?? length - 1), -1, length - 1); at > end; at += step) keep(list[at]);
  }
}
