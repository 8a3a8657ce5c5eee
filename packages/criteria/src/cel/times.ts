import { storableText } from '@agent-registry/schemas';
import { method, type Overload } from './overload.ts';
import { CelError, Duration, kinds, type Result, Timestamp } from './values.ts';

const { int, string } = kinds;
const timestamp = kinds['google.protobuf.Timestamp'];
const duration = kinds['google.protobuf.Duration'];

const nanosAMilli = 1_000_000n;
const nanosASecond = 1_000_000_000n;
const earliest = -62_135_596_800n * nanosASecond;
const latest = 253_402_300_800n * nanosASecond - 1n;
const longestText = 128;

export function toTimestamp(nanos: bigint): Result {
  const inRange = nanos >= earliest && nanos <= latest;
  return inRange ? new Timestamp(nanos) : new CelError('timestamp out of range');
}

function toDuration(nanos: bigint): Result {
  return BigInt.asIntN(64, nanos) === nanos ? new Duration(nanos) : new CelError('duration out of range');
}

type Time = Timestamp | Duration;

export function addTimes([a, b]: [Time, Time]): Result {
  const isPoint = a instanceof Timestamp || b instanceof Timestamp;
  return (isPoint ? toTimestamp : toDuration)(a.nanos + b.nanos);
}

export function subtractTimes([a, b]: [Time, Time]): Result {
  const isPoint = a instanceof Timestamp && b instanceof Duration;
  return (isPoint ? toTimestamp : toDuration)(a.nanos - b.nanos);
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

export function parseTimestamp(text: string): Result {
  const parts = text.length <= longestText ? rfc3339.exec(text) : null;
  const wrong = new CelError(`not a timestamp of RFC 3339: ${storableText(text, 50)}`);
  if (parts === null) return wrong;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  if (!isReal || second > 59) return wrong;
  const [, , , , , , , fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = parts;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return wrong;
  const offset = BigInt(Number(offsetHour) * 60 + Number(offsetMinute)) * 60n * nanosASecond;
  const nanos = BigInt(date.getTime()) * nanosAMilli + BigInt(fraction.padEnd(9, '0'));
  return toTimestamp(sign === '-' ? nanos + offset : nanos - offset);
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: nanosAMilli,
  s: nanosASecond,
  m: 60n * nanosASecond,
  h: 3_600n * nanosASecond,
};
const durationText = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/;
const durationPart = /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g;

export function parseDuration(text: string): Result {
  const parts = text.length <= longestText ? durationText.exec(text) : null;
  if (parts === null) return new CelError(`not a duration: ${storableText(text, 50)}`);
  let nanos = 0n;
  for (const [, whole = '', fraction = '', name = ''] of (parts[2] ?? '').matchAll(durationPart)) {
    const unit = units[name] ?? 0n;
    nanos += BigInt(whole || '0') * unit;
    nanos += (BigInt(fraction || '0') * unit) / 10n ** BigInt(fraction.length);
  }
  return toDuration(parts[1] === '-' ? -nanos : nanos);
}

export function formatTimestamp({ nanos }: Timestamp): string {
  const fraction = ((nanos % nanosASecond) + nanosASecond) % nanosASecond;
  const date = new Date(Number((nanos - fraction) / nanosAMilli));
  return `${date.toISOString().slice(0, 19)}${formatFraction(fraction)}Z`;
}

export function formatDuration({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${size / nanosASecond}${formatFraction(size % nanosASecond)}s`;
}

function formatFraction(nanos: bigint): string {
  return nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

/** Zones by name would take the machine's time zone data into the verdict. */
const fixedZone = /^(?:UTC|GMT|Z|([+-]?)(\d\d):(\d\d))$/;

function inZone(time: Timestamp, zone: string | undefined): Date | CelError {
  const parts = fixedZone.exec(zone ?? 'UTC');
  if (parts === null)
    return new CelError(`time zones are UTC or an offset such as -08:00, not ${zone?.slice(0, 50)}`);
  const [, sign, hours = '0', minutes = '0'] = parts;
  const offset = BigInt(Number(hours) * 60 + Number(minutes)) * 60n * nanosASecond;
  const nanos = sign === '-' ? time.nanos - offset : time.nanos + offset;
  const millis = ((nanos % nanosAMilli) + nanosAMilli) % nanosAMilli;
  return new Date(Number((nanos - millis) / nanosAMilli));
}

function dayOfYear(date: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - start.getTime()) / 86_400_000);
}

const getters: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const durationGetters: Readonly<Record<string, (nanos: bigint) => bigint>> = {
  getHours: (nanos) => nanos / (3_600n * nanosASecond),
  getMinutes: (nanos) => nanos / (60n * nanosASecond),
  getSeconds: (nanos) => nanos / nanosASecond,
  getMilliseconds: (nanos) => (nanos / nanosAMilli) % 1_000n,
};

/** Parts of a timestamp, in UTC or at a fixed offset, and of a duration. */
export function timeFunctions(): Record<string, Overload[]> {
  return Object.fromEntries(
    Object.entries(getters).map(([name, get]) => {
      const run = ([time, zone]: [Timestamp, string | undefined]): Result => {
        const date = inZone(time, zone);
        return date instanceof CelError ? date : BigInt(get(date));
      };
      const overloads = [method([timestamp], int, run), method([timestamp, string], int, run)];
      const ofDuration = durationGetters[name];
      if (ofDuration !== undefined) {
        overloads.push(method([duration], int, ([a]: [Duration]) => ofDuration(a.nanos)));
      }
      return [name, overloads];
    }),
  );
}
