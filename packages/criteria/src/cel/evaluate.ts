import type { Work } from '../work.ts';
import { findFunction } from './functions.ts';
import { accumulator, type Expr, type Fold } from './parse.ts';
import {
  CelError,
  CelMap,
  kindOf,
  kinds,
  type MapKey,
  mapKey,
  type Result,
  Uint,
  type Value,
} from './values.ts';

/** Variables in scope: those of macros shadow the others. */
export interface Scope {
  readonly name: string;
  value: Result;
  readonly outer: Scope | null;
}

/** What makes a list or map costs more than a step, since it takes memory. */
const CREATE_STEPS = 25;

type Call = Extract<Expr, { kind: 'call' }>;

/**
 * Evaluates an expression. What a deliverable can bring about is a CelError, which is a value.
 *
 * @throws TooExpensive when the work runs out
 */
export function evaluate(expr: Expr, scope: Scope | null, work: Work): Result {
  work.spend(1);
  switch (expr.kind) {
    case 'constant':
      return expr.value;
    case 'name':
      return lookUp(expr.name, scope);
    case 'select': {
      const operand = evaluate(expr.operand, scope, work);
      return operand instanceof CelError ? operand : select(operand, expr.field, expr.isTest);
    }
    case 'list':
      work.spend(CREATE_STEPS + expr.items.length);
      return evaluateAll(expr.items, scope, work);
    case 'map':
      return createMap(expr.entries, scope, work);
    case 'call':
      return call(expr, scope, work);
    case 'fold':
      return fold(expr, scope, work);
  }
}

function lookUp(written: string, scope: Scope | null): Result {
  // A leading dot means the outermost scope.
  const isRoot = written.startsWith('.');
  const name = isRoot ? written.slice(1) : written;
  let found: Scope | undefined;
  for (let at = scope; at !== null; at = at.outer) {
    if (at.name !== name) continue;
    found = at;
    if (!isRoot) break;
  }
  return found === undefined ? new CelError(`undeclared reference to '${name}'`) : found.value;
}

function evaluateAll(exprs: readonly Expr[], scope: Scope | null, work: Work): Value[] | CelError {
  const values: Value[] = [];
  for (const expr of exprs) {
    const value = evaluate(expr, scope, work);
    if (value instanceof CelError) return value;
    values.push(value);
  }
  return values;
}

function select(operand: Value, field: string, isTest: boolean): Result {
  if (!(operand instanceof CelMap)) return new CelError(`${kindOf(operand)} has no field '${field}'`);
  const value = operand.entries.get(field);
  if (isTest) return value !== undefined;
  return value === undefined ? new CelError(`no such key: ${field}`) : value;
}

function createMap(
  pairs: Extract<Expr, { kind: 'map' }>['entries'],
  scope: Scope | null,
  work: Work,
): Result {
  work.spend(2 * CREATE_STEPS + 4 * pairs.length);
  const entries = new Map<MapKey, Value>();
  const uintKeys = new Set<MapKey>();
  for (const pair of pairs) {
    const both = evaluateAll(pair, scope, work);
    if (both instanceof CelError) return both;
    const [name, value] = both as [Value, Value];
    const key = typeof name === 'number' ? undefined : mapKey(name);
    if (key === undefined) return new CelError(`unsupported key type: ${kindOf(name)}`);
    if (entries.has(key)) return new CelError(`a map key is used twice: ${String(key)}`);
    entries.set(key, value);
    if (name instanceof Uint) uintKeys.add(key);
  }
  return new CelMap(entries, uintKeys);
}

function call(expr: Call, scope: Scope | null, work: Work): Result {
  const [first, second, third] = expr.args as [Expr, Expr, Expr];
  switch (expr.name) {
    case '_&&_':
      return logical(expr.args, false, scope, work);
    case '_||_':
      return logical(expr.args, true, scope, work);
    case '@not_strictly_false':
      return evaluate(first, scope, work) !== false;
    case '_?_:_': {
      const condition = evaluate(first, scope, work);
      if (condition instanceof CelError) return condition;
      if (typeof condition !== 'boolean') return noOverload('?:', [condition]);
      return evaluate(condition ? second : third, scope, work);
    }
    case '_+_':
      if (first.kind === 'name' && first.name === accumulator && second.kind === 'list') {
        return append(second.items, scope, work);
      }
  }
  const args = evaluateAll(expr.args, scope, work);
  if (args instanceof CelError) return args;
  const found = findFunction(
    expr.name,
    expr.isMethod,
    args.map((arg) => kinds[kindOf(arg)]),
  );
  return found[0] === undefined ? noOverload(expr.name, args) : found[0].run(args, work);
}

function noOverload(name: string, args: readonly Value[]): CelError {
  return new CelError(`no such overload: ${name.replaceAll('_', '')}(${args.map(kindOf).join(', ')})`);
}

/** `&&` and `||`: an operand that decides wins over an error, on whichever side it is. */
function logical(args: readonly Expr[], decides: boolean, scope: Scope | null, work: Work): Result {
  let error: CelError | null = null;
  for (const arg of args) {
    const value = evaluate(arg, scope, work);
    if (value === decides) return decides;
    if (value instanceof CelError) error ??= value;
    else if (typeof value !== 'boolean') error ??= noOverload(decides ? '||' : '&&', [value]);
  }
  return error ?? !decides;
}

/** The list that a macro builds is seen by nothing else, so it grows in place. */
function append(items: readonly Expr[], scope: Scope | null, work: Work): Result {
  const list = lookUp(accumulator, scope);
  if (list instanceof CelError) return list;
  const values = evaluateAll(items, scope, work);
  if (values instanceof CelError) return values;
  (list as Value[]).push(...values);
  return list;
}

function fold(expr: Fold, scope: Scope | null, work: Work): Result {
  const range = evaluate(expr.range, scope, work);
  if (range instanceof CelError) return range;
  const isMap = range instanceof CelMap;
  if (!isMap && !Array.isArray(range)) return new CelError(`${kindOf(range)} cannot be iterated`);
  const items = isMap ? range.keys() : (range as readonly Value[]);
  if (isMap) work.spend(items.length);
  const state: Scope = { name: accumulator, value: evaluate(expr.start, scope, work), outer: scope };
  const inner: Scope = { name: expr.variable, value: null, outer: state };
  for (const item of items) {
    inner.value = item;
    if (evaluate(expr.condition, inner, work) !== true) break;
    state.value = evaluate(expr.step, inner, work);
  }
  return evaluate(expr.result, state, work);
}
