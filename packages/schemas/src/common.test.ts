import { describe, expect, test } from '@jest/globals';
import { parseTimestamp } from './common.ts';

describe('a timestamp', () => {
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.123456789Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T14:00:00+02:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T06:30:00.000001-05:30', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T14:00:00+0200', '2026-01-31T12:00:00.000Z'],
  ])('%s is read as %s, whatever its offset and digits', (text, instant) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(instant);
  });

  test.each([
    '2026-01-31T12:00:00',
    '2026-01-31',
    '12:00:00Z',
    '2026-02-30T12:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T12:00:00.1234567890Z',
    '1769860800',
    '',
    'now',
    '2026-01-31T12:00Z',
    ' 2026-01-31T12:00:00Z',
  ])('%j has no zone, is no time, or is not written as one', (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });
});
