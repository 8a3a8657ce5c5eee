import { expect, test } from '@jest/globals';
import { parseRetryAfter } from './retry-after.ts';

const now = new Date('2026-01-01T00:00:00Z');
const junk = ['', '-1', '1.5', 'soon', '2026-01-01', 'Thu, 99 Jan 2026 00:01:00 GMT', null, undefined];

test.each([
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 00:01:00 GMT', 0],
  ...junk.map((header) => [header, null] as const),
])('Retry-After %j means %j milliseconds', (header, milliseconds) => {
  expect(parseRetryAfter(header, now)).toBe(milliseconds);
});
