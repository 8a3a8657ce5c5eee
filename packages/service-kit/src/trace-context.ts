import { createRandomPool } from './random-pool.ts';

/** A place in a trace: ids in lower-case hex, 32 and 16 digits. Source: W3C Trace Context. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const traceparentForm = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?$/;
const cloudForm = /^([0-9a-f]{32})\/(\d{1,20})(?:;o=([01]))?$/i;
const isZero = (hex: string): boolean => /^0+$/.test(hex);
const sampledBit = 1;
const maxSpanNumber = 2n ** 64n;

/** Reads a `traceparent` header; null when there is none or it is malformed. */
export const parseTraceparent = (header: string | undefined): Trace | null => {
  const [, version, traceId = '', spanId = '', flags = '', rest] = traceparentForm.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return null;
  if (isZero(traceId) || isZero(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & sampledBit) === sampledBit };
};

/** Reads Google's older `X-Cloud-Trace-Context` (`TRACE/SPAN;o=1`, the span in decimal). */
export const parseCloudTrace = (header: string | undefined): Trace | null => {
  const [, traceId, span = '0', option] = cloudForm.exec(header ?? '') ?? [];
  const number = BigInt(span);
  if (traceId === undefined || isZero(traceId) || number === 0n || number >= maxSpanNumber) return null;
  return {
    traceId: traceId.toLowerCase(),
    spanId: number.toString(16).padStart(16, '0'),
    sampled: option === '1',
  };
};

export const formatTraceparent = (trace: Trace): string =>
  `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`;

const randomBytes = createRandomPool();

/** A new span under `parent`, or of a new trace. Its ids are known to nobody but the logs. */
export const childOf = (parent: Trace | null): Trace => ({
  traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  sampled: parent?.sampled ?? false,
});
