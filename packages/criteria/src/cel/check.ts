import { countWork } from '../work.ts';
import { evaluate } from './evaluate.ts';
import { findFunction, isFunction, specialForms } from './functions.ts';
import type { Expr } from './parse.ts';
import { ANY_KIND, CelError, JSON_KINDS, kindNames, kindOf, kinds, type Result } from './values.ts';

/** What can be said of an expression before there is a deliverable. */
interface Static {
  /** The kinds its value may have. */
  readonly kinds: number;
  /** Whether all that is inside its value is JSON. */
  readonly isJson: boolean;
  readonly isConstant: boolean;
}

/** What makes an expression unfit whatever is delivered. */
class Unfit extends Error {}

const CONSTANT_STEPS = 100_000;
const { bool, list, map, string } = kinds;
const json: Static = { kinds: JSON_KINDS, isJson: true, isConstant: false };

/**
 * Says why an expression can never be true or false, whatever its variables are; null when it may be. Its variables hold
 * JSON, so their numbers are doubles.
 */
export function wrongExpression(expr: Expr, variables: readonly string[]): string | null {
  const scope = new Map(variables.map((name) => [name, json]));
  try {
    const found = check(expr, scope);
    if (found.isConstant) return wrongConstant(expr);
    return (found.kinds & bool) === 0
      ? `is never true or false: its value is ${kindNames(found.kinds)}`
      : null;
  } catch (error) {
    if (error instanceof Unfit) return error.message;
    throw error;
  }
}

function wrongConstant(expr: Expr): string | null {
  const value = constantValue(expr);
  if (value instanceof CelError) return `always fails: ${value.message}`;
  return typeof value === 'boolean' ? null : `is never true or false: its value is ${kindOf(value)}`;
}

function constantValue(expr: Expr): Result {
  return evaluate(expr, null, countWork(CONSTANT_STEPS, 'steps'));
}

type Scope = ReadonlyMap<string, Static>;

function check(expr: Expr, scope: Scope): Static {
  switch (expr.kind) {
    case 'constant':
      return { kinds: kinds[kindOf(expr.value)], isJson: false, isConstant: true };
    case 'name': {
      const found = scope.get(expr.name.replace(/^\./, ''));
      if (found === undefined) throw new Unfit(`has an unknown name: ${expr.name}`);
      return found;
    }
    case 'select': {
      const [operand] = checkAll([expr.operand], scope) as [Static];
      if ((operand.kinds & map) === 0)
        throw new Unfit(`${kindNames(operand.kinds)} has no field ${expr.field}`);
      return expr.isTest ? { ...operand, kinds: bool } : inside(operand);
    }
    case 'list': {
      const items = checkAll(expr.items, scope);
      return joined(items, list);
    }
    case 'map':
      return joined(checkAll(expr.entries.flat(), scope), map);
    case 'fold':
      return checkFold(expr, scope);
    case 'call':
      return checkCall(expr, scope);
  }
}

function inside({ isJson, isConstant }: Static): Static {
  return { kinds: isJson ? JSON_KINDS : ANY_KIND, isJson, isConstant };
}

function joined(parts: readonly Static[], kind: number): Static {
  return {
    kinds: kind,
    isJson: parts.every(({ kinds: found, isJson }) => isJson && (found & ~JSON_KINDS) === 0),
    isConstant: parts.every(({ isConstant }) => isConstant),
  };
}

/** Parts of an expression. A constant part that fails makes the whole unfit. */
function checkAll(parts: readonly Expr[], scope: Scope): Static[] {
  const found = parts.map((part) => check(part, scope));
  if (found.every(({ isConstant }) => isConstant)) return found;
  for (const [at, part] of parts.entries()) {
    if (found[at]?.isConstant !== true || part.kind === 'constant') continue;
    const value = constantValue(part);
    if (value instanceof CelError) throw new Unfit(`always fails: ${value.message}`);
  }
  return found;
}

function checkFold(expr: Extract<Expr, { kind: 'fold' }>, scope: Scope): Static {
  const [range] = checkAll([expr.range], scope) as [Static];
  if ((range.kinds & (list | map)) === 0) throw new Unfit(`${kindNames(range.kinds)} cannot be iterated`);
  const start = check(expr.start, scope);
  // What is in the list that a macro builds is not followed.
  const state = { ...start, isJson: false, isConstant: range.isConstant };
  const inner = new Map([...scope, [expr.variable, inside(range)], ['@result', state]]);
  const steps = [expr.condition, expr.step, expr.result].map((part) => check(part, inner));
  const isConstant = range.isConstant && steps.every((step) => step.isConstant);
  return { kinds: (steps[2] as Static).kinds, isJson: false, isConstant };
}

function checkCall(expr: Extract<Expr, { kind: 'call' }>, scope: Scope): Static {
  const { name, args } = expr;
  if (!specialForms.includes(name) && !isFunction(name)) throw new Unfit(`has an unknown function: ${name}`);
  const found = checkAll(args, scope);
  const isConstant = found.every((arg) => arg.isConstant);
  if (name === '_?_:_') {
    const [condition, yes, no] = found as [Static, Static, Static];
    needBool(condition, '?:');
    return { kinds: yes.kinds | no.kinds, isJson: yes.isJson && no.isJson, isConstant };
  }
  if (specialForms.includes(name)) {
    if (name !== '@not_strictly_false') for (const arg of found) needBool(arg, name.replaceAll('_', ''));
    return { kinds: bool, isJson: false, isConstant };
  }
  const overloads = findFunction(
    name,
    expr.isMethod,
    found.map((arg) => arg.kinds),
  );
  if (overloads.length === 0) throw new Unfit(noOverload(name, found));
  if (name === 'matches') checkPatternArgument(args[1], found[1]);
  if (name === '_[_]') return { ...inside(found[0] as Static), isConstant };
  return { kinds: overloads.reduce((all, { result }) => all | result, 0), isJson: false, isConstant };
}

function needBool(arg: Static, name: string): void {
  if ((arg.kinds & bool) === 0) throw new Unfit(`${name} needs true or false, not ${kindNames(arg.kinds)}`);
}

function noOverload(name: string, found: readonly Static[]): string {
  const given = found.map((arg) => kindNames(arg.kinds)).join(', ');
  const mixed =
    found.some((arg) => (arg.kinds & kinds.double) !== 0) && found.some((arg) => arg.kinds === kinds.int);
  const hint = mixed ? '; JSON numbers are doubles: write 1.0, or int(output.n)' : '';
  return `never works: no ${name.replaceAll('_', '')} for (${given})${hint}`;
}

function checkPatternArgument(pattern: Expr | undefined, found: Static | undefined): void {
  if (pattern === undefined || found?.isConstant !== true || (found.kinds & string) === 0) return;
  const value = evaluate(
    { kind: 'call', name: 'matches', isMethod: true, args: [{ kind: 'constant', value: '' }, pattern] },
    null,
    countWork(CONSTANT_STEPS, 'steps'),
  );
  if (value instanceof CelError) throw new Unfit(value.message);
}
