import type { Work } from '../work.ts';
import { fn, type Overload } from './overload.ts';
import { addTimes, subtractTimes } from './times.ts';
import { CelError, kinds, type Result, Uint, type Value } from './values.ts';

const { int, uint, double, string, bytes, list } = kinds;
const timestamp = kinds['google.protobuf.Timestamp'];
const duration = kinds['google.protobuf.Duration'];

export function toInt(value: bigint): Result {
  return BigInt.asIntN(64, value) === value ? value : new CelError('int overflow');
}

export function toUint(value: bigint): Result {
  return BigInt.asUintN(64, value) === value ? new Uint(value) : new CelError('uint overflow');
}

type Operation = (a: bigint, b: bigint) => bigint;

function integers(
  run: Operation,
  dividing?: string,
): [(args: [bigint, bigint]) => Result, (args: [Uint, Uint]) => Result] {
  const byZero = (b: bigint): boolean => dividing !== undefined && b === 0n;
  const error = new CelError(dividing ?? '');
  return [
    ([a, b]) => (byZero(b) ? error : toInt(run(a, b))),
    ([a, b]) => (byZero(b.value) ? error : toUint(run(a.value, b.value))),
  ];
}

function join([a, b]: [string, string], work: Work): string {
  work.spend(4 + ((a.length + b.length) >> 3));
  return a + b;
}

function concat([a, b]: [readonly Value[], readonly Value[]], work: Work): Result {
  work.spend(25 + a.length + b.length);
  return [...a, ...b];
}

function joinBytes([a, b]: [Uint8Array, Uint8Array], work: Work): Result {
  work.spend((a.length + b.length) >> 3);
  return new Uint8Array(Buffer.concat([a, b]));
}

/** `+ - * / %` and the minus sign. */
export function arithmetic(): Record<string, Overload[]> {
  const numbers = (run: Operation, floats: ((a: number, b: number) => number) | null, dividing?: string) => {
    const [ints, uints] = integers(run, dividing);
    const overloads = [fn([int, int], int, ints), fn([uint, uint], uint, uints)];
    if (floats !== null) {
      overloads.push(fn([double, double], double, ([a, b]: [number, number]) => floats(a, b)));
    }
    return overloads;
  };
  return {
    '_+_': [
      ...numbers(
        (a, b) => a + b,
        (a, b) => a + b,
      ),
      fn([string, string], string, join),
      fn([bytes, bytes], bytes, joinBytes),
      fn([list, list], list, concat),
      fn([timestamp, duration], timestamp, addTimes),
      fn([duration, timestamp], timestamp, addTimes),
      fn([duration, duration], duration, addTimes),
    ],
    '_-_': [
      ...numbers(
        (a, b) => a - b,
        (a, b) => a - b,
      ),
      fn([timestamp, timestamp], duration, subtractTimes),
      fn([timestamp, duration], timestamp, subtractTimes),
      fn([duration, duration], duration, subtractTimes),
    ],
    '_*_': numbers(
      (a, b) => a * b,
      (a, b) => a * b,
    ),
    '_/_': numbers(
      (a, b) => a / b,
      (a, b) => a / b,
      'divide by zero',
    ),
    '_%_': numbers((a, b) => a % b, null, 'modulus by zero'),
    '-_': [fn([int], int, ([a]: [bigint]) => toInt(-a)), fn([double], double, ([a]: [number]) => -a)],
  };
}
