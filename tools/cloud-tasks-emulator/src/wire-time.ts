// Protobuf's Timestamp and Duration ↔ milliseconds. Both keep milliseconds only, which is all the emulator needs.
import { invalidArgument } from './grpc-error.ts';

/** The shape in which generated types and the loader give a Timestamp or a Duration. */
export interface WireTime {
  seconds?: number | string | { toString(): string } | null;
  nanos?: number | null;
}

const NANOS_PER_SECOND = 1_000_000_000;
/** Protobuf's own bound on a Timestamp: the end of the year 9999. */
const MAX_SECONDS = 253_402_300_799;

/** Milliseconds of a Timestamp or Duration, or INVALID_ARGUMENT when it is out of protobuf's range. */
export const wireToMs = (value: WireTime, field: string): number => {
  const seconds = Number(value.seconds ?? 0);
  const nanos = value.nanos ?? 0;
  if (
    !Number.isSafeInteger(seconds) ||
    Math.abs(seconds) > MAX_SECONDS ||
    Math.abs(nanos) >= NANOS_PER_SECOND
  ) {
    throw invalidArgument(`${field} is out of range`);
  }
  return seconds * 1000 + Math.floor(nanos / 1_000_000);
};

export const msToWire = (ms: number): { seconds: number; nanos: number } => {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round(ms - seconds * 1000) * 1_000_000 };
};
