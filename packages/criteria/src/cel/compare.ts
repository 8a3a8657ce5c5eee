import { compareText } from '../text.ts';
import type { Work } from '../work.ts';
import { CelMap, Duration, mapKey, Timestamp, TypeValue, Uint, type Value } from './values.ts';

const numeric = (value: Value): number | bigint | undefined => {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Uint ? value.value : undefined;
};

/** Equality of CEL: numbers by their value whatever their type, lists and maps by what is in them. */
export function equals(a: Value, b: Value, work: Work): boolean {
  work.spend(1);
  if (typeof a === 'string') {
    if (typeof b !== 'string' || a.length !== b.length) return false;
    work.spend(a.length >> 5);
    return a === b;
  }
  if (a === b) return true;
  const [left, right] = [numeric(a), numeric(b)];
  // Exact: JavaScript compares a bigint and a number by their mathematical values.
  // biome-ignore lint/suspicious/noDoubleEquals: as above.
  if (left !== undefined) return right !== undefined && left == right;
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b, work);
  if (a instanceof CelMap) return b instanceof CelMap && sameEntries(a, b, work);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  return a instanceof TypeValue && b instanceof TypeValue && a.type === b.type;
}

function sameItems(a: readonly Value[], b: readonly Value[], work: Work): boolean {
  return a.length === b.length && a.every((item, at) => equals(item, b[at] as Value, work));
}

function sameEntries(a: CelMap, b: CelMap, work: Work): boolean {
  if (a.entries.size !== b.entries.size) return false;
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !equals(value, other, work)) return false;
  }
  return true;
}

export function isIn(value: Value, range: readonly Value[] | CelMap, work: Work): boolean {
  if (!(range instanceof CelMap)) return range.some((item) => equals(item, value, work));
  const key = mapKey(value);
  return key !== undefined && range.entries.has(key);
}

type Ordered = boolean | number | bigint | Uint | string | Uint8Array | Timestamp | Duration;

/** Below, at or above zero, for two values of one kind or two numbers; NaN beside a NaN. */
export function compare(a: Value, b: Value, work: Work): number {
  if (typeof a === 'string') return compareText(a, b as string, work);
  if (a instanceof Uint8Array) return compareBytes(a, b as Uint8Array);
  const [left, right] = [plain(a as Ordered), plain(b as Ordered)];
  // The specification orders an integer and a double as doubles.
  return typeof left === typeof right ? order(left, right) : order(Number(left), Number(right));
}

function order<T extends number | bigint>(left: T, right: T): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

function plain(value: Ordered): number | bigint {
  if (value instanceof Timestamp || value instanceof Duration) return value.nanos;
  return value instanceof Uint ? value.value : typeof value === 'boolean' ? Number(value) : (value as number);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}
