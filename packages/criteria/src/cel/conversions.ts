import { storableText } from '@agent-registry/schemas';
import type { Work } from '../work.ts';
import { toInt, toUint } from './arithmetic.ts';
import { fn, type Overload } from './overload.ts';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp, toTimestamp } from './times.ts';
import {
  ANY_KIND,
  CelError,
  type Duration,
  kindOf,
  kinds,
  type Result,
  type Timestamp,
  TypeValue,
  type Uint,
  type Value,
} from './values.ts';

const { bool, int, uint, double, string, bytes } = kinds;
const timestamp = kinds['google.protobuf.Timestamp'];
const duration = kinds['google.protobuf.Duration'];
const nanosASecond = 1_000_000_000n;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const longestNumber = 100;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const named: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

const cannot = (text: string, type: string): CelError =>
  new CelError(`cannot convert '${storableText(text, 50)}' to ${type}`);

function textToDouble(text: string): Result {
  if (text.length > longestNumber) return cannot(text, 'double');
  if (decimal.test(text)) return Number(text);
  const word = text.toLowerCase().replace(/^[+-]/, '');
  const value = Object.hasOwn(named, word) ? named[word] : undefined;
  if (value === undefined) return cannot(text, 'double');
  return text.startsWith('-') ? -value : value;
}

function textToInteger(
  text: string,
  type: string,
  pattern: RegExp,
  convert: (value: bigint) => Result,
): Result {
  return text.length <= longestNumber && pattern.test(text)
    ? convert(BigInt(text.replace('+', '')))
    : cannot(text, type);
}

function doubleToInteger(value: number, type: string): Result {
  if (!Number.isFinite(value)) return new CelError(`${type} overflow`);
  // The bounds themselves, which a double cannot tell from their neighbours, are refused.
  if (type === 'int')
    return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : new CelError('int overflow');
  return value >= 0 && value < 2 ** 64 ? toUint(BigInt(Math.trunc(value))) : new CelError('uint overflow');
}

function textToBool(text: string): Result {
  if (['true', 'True', 'TRUE', 't', '1'].includes(text)) return true;
  return ['false', 'False', 'FALSE', 'f', '0'].includes(text) ? false : cannot(text, 'bool');
}

function bytesToText([value]: [Uint8Array], work: Work): Result {
  work.spend(value.length >> 3);
  try {
    return decoder.decode(value);
  } catch {
    return new CelError('the bytes are not UTF-8');
  }
}

function textToBytes([text]: [string], work: Work): Result {
  work.spend(text.length >> 3);
  return new TextEncoder().encode(text);
}

function doubleToText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

const same = ([value]: [Value]): Value => value;

/** `int`, `uint`, `double`, `string`, `bytes`, `bool`, `timestamp`, `duration`, `type` and `dyn`. */
export function conversions(): Record<string, Overload[]> {
  return {
    int: [
      fn([int], int, same),
      fn([uint], int, ([a]: [Uint]) => toInt(a.value)),
      fn([double], int, ([a]: [number]) => doubleToInteger(a, 'int')),
      fn([string], int, ([a]: [string]) => textToInteger(a, 'int', /^[+-]?\d+$/, toInt)),
      fn([timestamp], int, ([a]: [Timestamp]) => BigInt.asIntN(64, floorSeconds(a.nanos))),
    ],
    uint: [
      fn([uint], uint, same),
      fn([int], uint, ([a]: [bigint]) => toUint(a)),
      fn([double], uint, ([a]: [number]) => doubleToInteger(a, 'uint')),
      fn([string], uint, ([a]: [string]) => textToInteger(a, 'uint', /^\d+$/, toUint)),
    ],
    double: [
      fn([double], double, same),
      fn([int], double, ([a]: [bigint]) => Number(a)),
      fn([uint], double, ([a]: [Uint]) => Number(a.value)),
      fn([string], double, ([a]: [string]) => textToDouble(a)),
    ],
    string: [
      fn([string], string, same),
      fn([bool | int], string, ([a]: [boolean | bigint]) => String(a)),
      fn([uint], string, ([a]: [Uint]) => String(a.value)),
      fn([double], string, ([a]: [number]) => doubleToText(a)),
      fn([bytes], string, bytesToText),
      fn([timestamp], string, ([a]: [Timestamp]) => formatTimestamp(a)),
      fn([duration], string, ([a]: [Duration]) => formatDuration(a)),
    ],
    bytes: [fn([bytes], bytes, same), fn([string], bytes, textToBytes)],
    bool: [fn([bool], bool, same), fn([string], bool, ([a]: [string]) => textToBool(a))],
    timestamp: [
      fn([timestamp], timestamp, same),
      fn([string], timestamp, ([a]: [string]) => parseTimestamp(a)),
      fn([int], timestamp, ([a]: [bigint]) => toTimestamp(a * nanosASecond)),
    ],
    duration: [fn([duration], duration, same), fn([string], duration, ([a]: [string]) => parseDuration(a))],
    type: [fn([ANY_KIND], kinds.type, ([a]: [Value]) => new TypeValue(kindOf(a)))],
    dyn: [fn([ANY_KIND], ANY_KIND, same)],
  };
}

function floorSeconds(nanos: bigint): bigint {
  const seconds = nanos / nanosASecond;
  return nanos < 0n && nanos % nanosASecond !== 0n ? seconds - 1n : seconds;
}
