import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import { expect, test } from '@jest/globals';
import { countWork } from '../work.ts';
import { equals } from './compare.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { wrongCel } from './index.ts';
import { parseCel } from './parse.ts';
import { CelError, CelMap, kindOf, type MapKey, type Result, TypeValue, Uint, type Value } from './values.ts';

type Test = IncrementalTestSuite['tests'][number]['original'];
type Matcher = Test['resultMatcher'];
type WireValue = Extract<Matcher, { case: 'value' }>['value'];

/** What the language of assertions does not have: the reason is in the README. */
const refusals = [
  /^messages are not supported: /,
  /^time zones are UTC or an offset/,
  /^found .* but expecting/,
];
/** Sections about protobuf's messages, and about containers and dotted variables, neither of which an assertion has. */
const otherSections = ['proto2', 'proto3', 'proto2_ext', 'enums', 'dynamic', 'wrappers', 'namespace'];
/** Extension libraries that an assertion does not have: anything but a wrong value will do. */
const extensions = [
  'bindings_ext',
  'block_ext',
  'encoders_ext',
  'macros2',
  'math_ext',
  'optionals',
  'string_ext',
];

const work = () => countWork(1_000_000, 'steps');

/** The suite's value as ours; undefined for a message. */
function convert({ kind }: WireValue): Value | undefined {
  switch (kind.case) {
    case 'nullValue':
      return null;
    case 'uint64Value':
      return new Uint(kind.value);
    case 'listValue': {
      const items = kind.value.values.map(convert);
      return items.includes(undefined) ? undefined : (items as Value[]);
    }
    case 'mapValue': {
      const keys = new Set<MapKey>();
      const entries = kind.value.entries.map(({ key, value }): [MapKey, Value] => {
        const name = convert(key as WireValue);
        if (name instanceof Uint) keys.add(name.value);
        return [(name instanceof Uint ? name.value : name) as MapKey, convert(value as WireValue) as Value];
      });
      return new CelMap(new Map(entries), keys);
    }
    case 'typeValue':
      return new TypeValue(kind.value);
    case 'objectValue':
    case 'enumValue':
    case undefined:
      return undefined;
    default:
      return kind.value;
  }
}

/** What is expected; null for an error, undefined where it is a message or only a type. */
function expected(matcher: Matcher): { value: Value } | null | undefined {
  if (matcher.case === 'evalError' || matcher.case === 'anyEvalErrors') return null;
  if (matcher.case === undefined) return { value: true };
  const wire = matcher.case === 'typedResult' ? matcher.value.result : matcher.value;
  const value = wire === undefined || matcher.case === 'unknown' ? undefined : convert(wire as WireValue);
  return value === undefined ? undefined : { value };
}

function scopeOf({ bindings }: Test): Scope | undefined {
  let scope: Scope | null = null;
  for (const [name, { kind }] of Object.entries(bindings)) {
    const value = kind.case === 'value' ? convert(kind.value) : undefined;
    if (value === undefined || name.includes('.')) return undefined;
    scope = { name, value, outer: scope };
  }
  return scope ?? { name: '', value: null, outer: null };
}

function same(a: Result, b: Value): boolean {
  if (a instanceof CelError || kindOf(a) !== kindOf(b)) return false;
  return Number.isNaN(b) ? Number.isNaN(a) : equals(a, b, work());
}

const tests = getConformanceSuite().suites.flatMap((section) =>
  section.suites.flatMap((group) =>
    group.tests.map(({ original }) => ({
      section: section.name,
      name: `${section.name}/${group.name}/${original.name}`,
      original,
    })),
  ),
);

/** How a test of the suite ends here. */
function outcome(original: Test, scope: Scope, want: { value: Value } | null): string {
  let got: Result;
  try {
    got = evaluate(parseCel(original.expr), scope, work());
  } catch (error) {
    got = new CelError(`${error instanceof Error ? error.message : ''}`.replace(/^<input>:\d+:\d+: /, ''));
  }
  if (want === null) return got instanceof CelError ? 'right' : `no error: ${original.expr}`;
  if (!(got instanceof CelError)) return same(got, want.value) ? 'right' : `wrong value: ${original.expr}`;
  const { message } = got;
  return refusals.some((refusal) => refusal.test(message)) ? 'refused' : `${message}: ${original.expr}`;
}

const applicable = tests.flatMap(({ section, name, original }) => {
  const scope = scopeOf(original);
  const want = expected(original.resultMatcher);
  if (otherSections.includes(section) || scope === undefined || want === undefined) return [];
  return [{ isExtension: extensions.includes(section), name, original, scope, want }];
});

test('CEL over plain JSON answers as the conformance suite says, or refuses what is documented', () => {
  const wrong: string[] = [];
  let right = 0;
  for (const { isExtension, name, original, scope, want } of applicable) {
    const end = outcome(original, scope, want);
    if (end === 'right') right += 1;
    else if (end !== 'refused' && (!isExtension || end.startsWith('wrong value')))
      wrong.push(`${name}: ${end}`);
  }
  expect(wrong).toEqual([]);
  expect(right).toBeGreaterThan(1_000);
});

test('a constant expression of the conformance suite that is true or false is accepted at the proposal', () => {
  const refused: string[] = [];
  for (const { isExtension, name, original, scope, want } of applicable) {
    const hasVariables = Object.keys(original.bindings).length > 0;
    if (isExtension || hasVariables || original.disableCheck || typeof want?.value !== 'boolean') continue;
    if (outcome(original, scope, want) !== 'right') continue;
    const message = wrongCel(original.expr, ['output']);
    if (message !== null) refused.push(`${name}: ${message}`);
  }
  expect(refused).toEqual([]);
});
