import { textSize } from '../text.ts';
import type { Work } from '../work.ts';
import { arithmetic } from './arithmetic.ts';
import { compare, equals, isIn } from './compare.ts';
import { conversions } from './conversions.ts';
import { matchesPattern } from './match.ts';
import { fn, method, type Overload } from './overload.ts';
import { timeFunctions } from './times.ts';
import { ANY_KIND, CelError, CelMap, kindOf, kinds, mapKey, type Result, type Value } from './values.ts';

const { bool, int, string, bytes, list, map, uint, double } = kinds;
const number = int | uint | double;
const ordered = [
  number,
  string,
  bytes,
  bool,
  kinds['google.protobuf.Timestamp'],
  kinds['google.protobuf.Duration'],
];

function order(holds: (sign: number) => boolean): Overload[] {
  return ordered.map((kind) =>
    fn([kind, kind], bool, ([a, b]: [Value, Value], work) => {
      const sign = compare(a, b, work);
      return !Number.isNaN(sign) && holds(sign);
    }),
  );
}

function size([value]: [string | Uint8Array | readonly Value[] | CelMap], work: Work): Result {
  if (typeof value === 'string') return BigInt(textSize(value, work));
  return BigInt(value instanceof CelMap ? value.entries.size : value.length);
}

function index([value, at]: [readonly Value[] | CelMap, Value]): Result {
  const key = mapKey(at);
  if (value instanceof CelMap) {
    const found = key === undefined ? undefined : value.entries.get(key);
    return found === undefined ? new CelError(`no such key: ${shown(at)}`) : found;
  }
  const found = typeof key === 'bigint' && key >= 0n && key < value.length ? value[Number(key)] : undefined;
  return found === undefined ? new CelError(`index out of bounds: ${shown(at)}`) : found;
}

const shown = (value: Value): string => String(mapKey(value) ?? kindOf(value)).slice(0, 50);

function onText(run: (text: string, part: string) => boolean): Overload {
  return method([string, string], bool, ([text, part]: [string, string], work) => {
    work.spend((text.length + part.length) >> 5);
    return run(text, part);
  });
}

const sizable = string | bytes | list | map;
const table: Readonly<Record<string, readonly Overload[]>> = {
  '!_': [fn([bool], bool, ([value]: [boolean]) => !value)],
  '_==_': [fn([ANY_KIND, ANY_KIND], bool, ([a, b], work) => equals(a, b, work))],
  '_!=_': [fn([ANY_KIND, ANY_KIND], bool, ([a, b], work) => !equals(a, b, work))],
  '_<_': order((sign) => sign < 0),
  '_<=_': order((sign) => sign <= 0),
  '_>_': order((sign) => sign > 0),
  '_>=_': order((sign) => sign >= 0),
  '@in': [fn([ANY_KIND, list | map], bool, ([value, range], work) => isIn(value, range, work))],
  '_[_]': [fn([list, number], ANY_KIND, index), fn([map, number | string | bool], ANY_KIND, index)],
  size: [fn([sizable], int, size), method([sizable], int, size)],
  contains: [onText((text, part) => text.includes(part))],
  startsWith: [onText((text, part) => text.startsWith(part))],
  endsWith: [onText((text, part) => text.endsWith(part))],
  matches: [fn([string, string], bool, matchesPattern), method([string, string], bool, matchesPattern)],
  ...arithmetic(),
  ...conversions(),
  ...timeFunctions(),
};

/** Forms that are evaluated otherwise than by their arguments' values. */
export const specialForms = ['_&&_', '_||_', '_?_:_', '@not_strictly_false'];

export function isFunction(name: string): boolean {
  return Object.hasOwn(table, name);
}

/** The overloads that arguments of these kinds may meet. */
export function findFunction(name: string, isMethod: boolean, args: readonly number[]): readonly Overload[] {
  const overloads = Object.hasOwn(table, name) ? (table[name] ?? []) : [];
  return overloads.filter(
    (overload) =>
      overload.isMethod === isMethod &&
      overload.args.length === args.length &&
      overload.args.every((kind, at) => (kind & (args[at] ?? 0)) !== 0),
  );
}
