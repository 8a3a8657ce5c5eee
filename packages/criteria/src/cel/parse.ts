import { parse } from '@bufbuild/cel';
import { TypeValue, Uint, type Value } from './values.ts';

/** An expression of CEL, macros expanded. */
export type Expr =
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'select'; readonly operand: Expr; readonly field: string; readonly isTest: boolean }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly isMethod: boolean;
      readonly args: readonly Expr[];
    }
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expr, Expr])[] }
  | Fold;

/** What the macros `all`, `exists`, `exists_one`, `map` and `filter` mean. */
export interface Fold {
  readonly kind: 'fold';
  readonly range: Expr;
  readonly variable: string;
  readonly start: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** The accumulator of a fold; no name that a user can write begins with @. */
export const accumulator = '@result';

const types = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type'];
const messageTypes = ['google.protobuf.Timestamp', 'google.protobuf.Duration'];

type Parsed = NonNullable<ReturnType<typeof parse>['expr']>;
type Kind = Parsed['exprKind'];
type Of<Case extends Kind['case']> = Extract<Kind, { case: Case }>['value'];

/** @throws Error with a message for the author, when the text is no expression of the supported language. */
export function parseCel(text: string): Expr {
  return adapt(parse(text).expr, new Set());
}

function adapt(parsed: Parsed | undefined, locals: ReadonlySet<string>): Expr {
  const kind = parsed?.exprKind;
  switch (kind?.case) {
    case 'constExpr':
      return { kind: 'constant', value: constant(kind.value) };
    case 'identExpr':
      return adaptName(kind.value.name, locals);
    case 'selectExpr':
      return adaptSelect(kind.value, locals);
    case 'callExpr': {
      const { target, function: name, args } = kind.value;
      const given = target === undefined ? args : [target, ...args];
      return {
        kind: 'call',
        name,
        isMethod: target !== undefined,
        args: given.map((arg) => adapt(arg, locals)),
      };
    }
    case 'listExpr':
      return { kind: 'list', items: kind.value.elements.map((item) => adapt(item, locals)) };
    case 'structExpr':
      return adaptMap(kind.value, locals);
    case 'comprehensionExpr': {
      const { iterRange, iterVar, accuVar, accuInit, loopCondition, loopStep, result } = kind.value;
      const inner = new Set([...locals, iterVar, accuVar]);
      return {
        kind: 'fold',
        range: adapt(iterRange, locals),
        variable: iterVar,
        start: adapt(accuInit, locals),
        condition: adapt(loopCondition, inner),
        step: adapt(loopStep, inner),
        result: adapt(result, inner),
      };
    }
    default:
      throw new Error('is not an expression');
  }
}

/** A type's name is a value, unless a variable of a macro has that name. */
function adaptName(name: string, locals: ReadonlySet<string>): Expr {
  if (types.includes(name) && !locals.has(name)) return { kind: 'constant', value: new TypeValue(name) };
  return { kind: 'name', name };
}

function adaptSelect({ operand, field, testOnly }: Of<'selectExpr'>, locals: ReadonlySet<string>): Expr {
  const name = qualifiedName(operand);
  const whole = `${name}.${field}`;
  if (!testOnly && name !== undefined && messageTypes.includes(whole) && !locals.has('google')) {
    return { kind: 'constant', value: new TypeValue(whole) };
  }
  return { kind: 'select', operand: adapt(operand, locals), field, isTest: testOnly };
}

function qualifiedName(parsed: Parsed | undefined): string | undefined {
  const kind = parsed?.exprKind;
  if (kind?.case === 'identExpr') return kind.value.name;
  if (kind?.case !== 'selectExpr') return undefined;
  const outer = qualifiedName(kind.value.operand);
  return outer === undefined ? undefined : `${outer}.${kind.value.field}`;
}

function adaptMap({ messageName, entries }: Of<'structExpr'>, locals: ReadonlySet<string>): Expr {
  if (messageName !== '') throw new Error(`messages are not supported: ${messageName}`);
  return {
    kind: 'map',
    entries: entries.map(({ keyKind, value }) => {
      if (keyKind.case !== 'mapKey') throw new Error('a map needs keys');
      return [adapt(keyKind.value, locals), adapt(value, locals)] as const;
    }),
  };
}

const most = { int: 9_223_372_036_854_775_807n, uint: 18_446_744_073_709_551_615n };

function constant({ constantKind }: Of<'constExpr'>): Value {
  switch (constantKind.case) {
    case 'boolValue':
    case 'doubleValue':
    case 'stringValue':
    case 'bytesValue':
      return constantKind.value;
    case 'int64Value':
      if (constantKind.value > most.int || constantKind.value < -most.int - 1n) {
        throw new Error('an int beyond 64 bits');
      }
      return constantKind.value;
    case 'uint64Value':
      if (constantKind.value > most.uint) throw new Error('a uint beyond 64 bits');
      return new Uint(constantKind.value);
    case 'nullValue':
      return null;
    default:
      throw new Error('a constant of no supported type');
  }
}
