import { describe, expect, test } from '@jest/globals';
import { childOf, formatTraceparent, parseCloudTrace, parseTraceparent } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('traceparent', () => {
  test('traceparent is read and written back', () => {
    const header = `00-${traceId}-${spanId}-01`;
    const trace = parseTraceparent(header);
    expect(trace).toEqual({ traceId, spanId, sampled: true });
    expect(trace && formatTraceparent(trace)).toBe(header);
  });

  test.each([
    undefined,
    '',
    `00-${traceId}-${spanId}`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ])('%s is no trace', (header) => {
    expect(parseTraceparent(header)).toBeNull();
  });

  test('a later version may say more', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-00-more`)).toEqual({ traceId, spanId, sampled: false });
  });
});

describe("Google's header", () => {
  test('traceparent names the span in decimal', () => {
    expect(parseCloudTrace(`${traceId}/67667974448284343;o=1`)).toEqual({ traceId, spanId, sampled: true });
  });

  test.each([undefined, traceId, `${traceId}/0;o=1`, `${traceId}/99999999999999999999`])(
    '%s is no trace',
    (header) => {
      expect(parseCloudTrace(header)).toBeNull();
    },
  );
});

test('a child keeps the trace and has a span of its own', () => {
  const child = childOf({ traceId, spanId, sampled: true });
  expect(child).toMatchObject({ traceId, sampled: true });
  expect(child.spanId).not.toBe(spanId);
  expect(childOf(null).traceId).toMatch(/^[0-9a-f]{32}$/);
});
