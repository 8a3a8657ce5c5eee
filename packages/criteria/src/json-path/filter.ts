import { jsonpath } from 'json-p3';
import { translateIRegexp } from '../regex/i-regexp.ts';
import { createRegexCache } from '../regex/regex-cache.ts';
import { compareText, textSize } from '../text.ts';
import type { Work } from '../work.ts';
import { type Env, select } from './select.ts';

const { expressions } = jsonpath;
type Filter = jsonpath.expressions.FilterExpression;

/** What a query that selects no value compares as, which equals itself alone. */
const nothing = Symbol('Nothing');

const compile = createRegexCache(translateIRegexp);

/** Whether a filter keeps the current node. */
export function testFilter(filter: Filter, current: unknown, env: Env): boolean {
  env.work.spend(1);
  if (filter instanceof expressions.LogicalExpression) return testFilter(filter.expression, current, env);
  if (filter instanceof expressions.PrefixExpression) return !testFilter(filter.right, current, env);
  if (filter instanceof expressions.InfixExpression) return testInfix(filter, current, env);
  if (filter instanceof expressions.FilterQuery) return queryOf(filter, current, env).length > 0;
  if (filter instanceof expressions.FunctionExtension) return callFunction(filter, current, env) === true;
  throw new Error('a filter of no known kind');
}

function testInfix(
  { left, operator, right }: jsonpath.expressions.InfixExpression,
  current: unknown,
  env: Env,
): boolean {
  if (operator === '&&') return testFilter(left, current, env) && testFilter(right, current, env);
  if (operator === '||') return testFilter(left, current, env) || testFilter(right, current, env);
  const [a, b] = [operandValue(left, current, env), operandValue(right, current, env)];
  switch (operator) {
    case '==':
      return equals(a, b, env.work);
    case '!=':
      return !equals(a, b, env.work);
    case '<':
      return isBelow(a, b, env.work);
    case '>':
      return isBelow(b, a, env.work);
    case '<=':
      return isBelow(a, b, env.work) || equals(a, b, env.work);
    default:
      return isBelow(b, a, env.work) || equals(a, b, env.work);
  }
}

function queryOf(filter: jsonpath.expressions.FilterQuery, current: unknown, env: Env): unknown[] {
  return select(filter.path, filter instanceof expressions.RootQuery ? env.root : current, env);
}

/** A comparable, or the argument of a function that takes a value. */
function operandValue(filter: Filter, current: unknown, env: Env): unknown {
  if (filter instanceof expressions.FilterQuery) {
    const values = queryOf(filter, current, env);
    return values.length === 1 ? values[0] : nothing;
  }
  if (filter instanceof expressions.FunctionExtension) return callFunction(filter, current, env);
  if (filter instanceof expressions.NullLiteral) return null;
  if (
    filter instanceof expressions.BooleanLiteral ||
    filter instanceof expressions.StringLiteral ||
    filter instanceof expressions.NumberLiteral
  ) {
    return filter.value;
  }
  throw new Error('a comparable of no known kind');
}

function callFunction(
  { name, args }: jsonpath.expressions.FunctionExtension,
  current: unknown,
  env: Env,
): unknown {
  const [first, second] = args as [Filter, Filter];
  switch (name) {
    case 'count':
      return queryOf(first as jsonpath.expressions.FilterQuery, current, env).length;
    case 'value':
      return operandValue(first, current, env);
    case 'length':
      return lengthOf(operandValue(first, current, env), env.work);
    case 'match':
    case 'search': {
      const [text, pattern] = [operandValue(first, current, env), operandValue(second, current, env)];
      return (
        typeof text === 'string' && typeof pattern === 'string' && matches(name, text, pattern, env.work)
      );
    }
    default:
      throw new Error(`a function of no known kind: ${name}`);
  }
}

function matches(name: 'match' | 'search', text: string, pattern: string, work: Work): boolean {
  const regex = compile(pattern, work);
  // RFC 9535: what is no I-Regexp matches nothing.
  if (regex instanceof Error) return false;
  return name === 'match' ? regex.matches(text, work) : regex.find(text, work);
}

function lengthOf(value: unknown, work: Work): unknown {
  if (typeof value === 'string') return textSize(value, work);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : nothing;
}

function isBelow(a: unknown, b: unknown, work: Work): boolean {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b, work) < 0;
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

function equals(a: unknown, b: unknown, work: Work): boolean {
  work.spend(1);
  if (typeof a === 'string') {
    if (typeof b !== 'string' || a.length !== b.length) return false;
    work.spend(a.length >> 5);
  }
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, at) => equals(item, b[at], work));
  }
  const keys = Object.keys(a);
  work.spend(keys.length);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keys.every((key) => Object.hasOwn(right, key) && equals(left[key], right[key], work));
}
