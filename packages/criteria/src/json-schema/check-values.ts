import { storableText } from '@agent-registry/schemas';
import { isMultipleOf } from './decimal.ts';
import { firstDuplicate, isEqual } from './equality.ts';
import { formats } from './formats.ts';
import { compilePattern } from './pattern.ts';
import { own, type SchemaObject } from './read-schema.ts';
import { type Check, fail, type Run, spend, spendText } from './run.ts';

/** Keywords that look at a value alone and hold no schema, with what makes their checks. */
type Assertion = (value: never, assertFormats: boolean) => Check | null;

const nameChars = 50;
/** A name as messages quote it; made when a schema is made ready, not when a value fails. */
const quote = (name: string): string => JSON.stringify(storableText(name, nameChars));

export const isObject = (value: unknown): value is SchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const ofNumber = (holds: (value: number, run: Run) => boolean, message: string): Check => {
  return (run, value) => typeof value !== 'number' || holds(value, run) || fail(run, message);
};
const ofText = (holds: (run: Run, value: string) => boolean, message: string): Check => {
  return (run, value) => typeof value !== 'string' || holds(run, value) || fail(run, message);
};
const ofList = (holds: (length: number) => boolean, message: string): Check => {
  return (run, value) => !Array.isArray(value) || holds(value.length) || fail(run, message);
};
const ofObject = (holds: (members: number) => boolean, message: string): Check => {
  return (run, value) => {
    if (!isObject(value)) return true;
    const members = Object.keys(value).length;
    spend(run, members);
    return holds(members) || fail(run, message);
  };
};

/** The length in code points, of which a text has at least half as many as code units. */
function codePoints(run: Run, text: string): number {
  spend(run, 1 + (text.length >> 4));
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function checkType(types: string | readonly string[]): Check {
  const wanted = new Set(typeof types === 'string' ? [types] : types);
  const message = `must be ${[...wanted].join(' or ')}`;
  return (run, value) =>
    wanted.has(typeOf(value)) || (wanted.has('integer') && Number.isInteger(value)) || fail(run, message);
}

/** Primitives are looked up; lists and objects are compared one by one. */
function checkEnum(values: readonly unknown[], message: string): Check {
  const isPrimitive = (value: unknown): boolean => typeof value !== 'object' || value === null;
  const primitives = new Set(values.filter(isPrimitive));
  const others = values.filter((value) => !isPrimitive(value));
  return (run, value) => {
    if (typeof value === 'string') spendText(run, value);
    const found = isPrimitive(value)
      ? primitives.has(value)
      : others.some((other) => isEqual(run, other, value));
    return found || fail(run, message);
  };
}

type Wanted = readonly { readonly name: string; readonly message: string }[];
const wantAll = (names: readonly string[], because = ''): Wanted =>
  names.map((name) => ({ name, message: `must have the member ${quote(name)}${because}` }));

function hasAll(run: Run, value: SchemaObject, wanted: Wanted): boolean {
  spend(run, wanted.length);
  const missing = wanted.find(({ name }) => !Object.hasOwn(value, name));
  return missing === undefined || fail(run, missing.message);
}

function checkRequired(names: readonly string[]): Check {
  const wanted = wantAll(names);
  return (run, value) => !isObject(value) || hasAll(run, value, wanted);
}

function checkDependentRequired(dependent: Readonly<Record<string, readonly string[]>>): Check {
  const entries = Object.entries(dependent).map(
    ([name, names]) => [name, wantAll(names, `, as it has ${quote(name)}`)] as const,
  );
  return (run, value) => {
    if (!isObject(value)) return true;
    spend(run, entries.length);
    return entries.every(([name, wanted]) => !Object.hasOwn(value, name) || hasAll(run, value, wanted));
  };
}

function checkUnique(run: Run, value: unknown): boolean {
  if (!Array.isArray(value)) return true;
  const index = firstDuplicate(run, value);
  return index === -1 || fail(run, `must have no two equal elements, and element ${index} came before`);
}

function checkFormat(name: string): Check | null {
  const format = formats.get(name);
  if (format === undefined) return null;
  return ofText(
    (run, text) => {
      spend(run, 4 + text.length * format.unitsPerChar);
      return format.holds(text);
    },
    `must be in the format ${quote(name)}`,
  );
}

function checkPattern(pattern: string): Check {
  const matches = compilePattern(pattern);
  return ofText(matches, `must match the pattern ${quote(pattern)}`);
}

/** In the order of evaluation, the cheap ones first. */
const assertions: Readonly<Record<string, Assertion>> = {
  type: checkType,
  const: (value: unknown) => checkEnum([value], 'must be the constant'),
  enum: (values: readonly unknown[]) => checkEnum(values, 'must be one of the values of enum'),
  minimum: (least: number) => ofNumber((value) => value >= least, `must be at least ${least}`),
  exclusiveMinimum: (least: number) => ofNumber((value) => value > least, `must be more than ${least}`),
  maximum: (most: number) => ofNumber((value) => value <= most, `must be at most ${most}`),
  exclusiveMaximum: (most: number) => ofNumber((value) => value < most, `must be less than ${most}`),
  multipleOf: (divisor: number) =>
    ofNumber((value, run) => isMultipleOf(run, value, divisor), `must be a multiple of ${divisor}`),
  minLength: (least: number) =>
    ofText((run, text) => codePoints(run, text) >= least, `must have at least ${least} characters`),
  maxLength: (most: number) =>
    ofText((run, text) => codePoints(run, text) <= most, `must have at most ${most} characters`),
  minItems: (least: number) => ofList((length) => length >= least, `must have at least ${least} elements`),
  maxItems: (most: number) => ofList((length) => length <= most, `must have at most ${most} elements`),
  minProperties: (least: number) =>
    ofObject((members) => members >= least, `must have at least ${least} members`),
  maxProperties: (most: number) =>
    ofObject((members) => members <= most, `must have at most ${most} members`),
  required: checkRequired,
  dependentRequired: checkDependentRequired,
  format: (name: string, assertFormats: boolean) => (assertFormats ? checkFormat(name) : null),
  pattern: checkPattern,
  uniqueItems: (unique: boolean) => (unique ? checkUnique : null),
};

/** The checks of a schema's own keywords, its subschemas aside. */
export function* valueChecks(schema: SchemaObject, assertFormats: boolean): Generator<Check> {
  for (const [keyword, make] of Object.entries(assertions)) {
    const value = own(schema, keyword);
    const check = value === undefined ? null : make(value as never, assertFormats);
    if (check !== null) yield check;
  }
}
