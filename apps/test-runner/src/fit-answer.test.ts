import type { TestResult } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerBytesMax, fitAnswer } from './fit-answer.ts';

const result = (texts: Partial<TestResult>): TestResult => ({
  test_id: 't',
  type: 'script',
  passed: true,
  outcome: 'passed',
  message: '',
  exit_code: 0,
  stdout: '',
  stderr: '',
  ...texts,
});
const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** What a process may write: any bytes, read as UTF-8, and any code units, some of them many times. */
const anyText = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
      fc.array(fc.nat({ max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom('\u0001', '\0', '\ud83d', '👩‍👩‍👧‍👧', '"', '\\'),
    ),
    fc.constantFrom(1, 1_000, 65_536),
  )
  .map(([text, times]) => text.repeat(Math.ceil(times / Math.max(1, text.length))));

test('whatever bytes and characters the tests wrote, an answer can be stored and is under its bound', () => {
  const texts = fc.record({ message: anyText, stdout: anyText, stderr: anyText });
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 20 }), (written) => {
      const { results } = fitAnswer({ results: written.map(result) });
      expect(sizeOf({ results })).toBeLessThanOrEqual(answerBytesMax);
      for (const [index, { message, stdout, stderr }] of results.entries()) {
        for (const text of [message, stdout, stderr]) {
          expect(text.isWellFormed()).toBe(true);
          expect(text.includes('\0')).toBe(false);
        }
        const whole = written[index]?.stdout.toWellFormed().replaceAll('\0', '\ufffd') ?? '';
        expect(whole.startsWith(stdout.replace(/\n\[cut\]$/, ''))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('twenty tests that flood both streams with escapes are cut to the same length each, and marked', () => {
  const flood = '\u0001'.repeat(65_536);
  const results = Array.from({ length: 20 }, () => result({ stdout: flood, stderr: flood }));
  const fitted = fitAnswer({ results: [...results.slice(1), result({ stdout: 'short', stderr: '' })] });
  const lengths = new Set(fitted.results.slice(0, 19).flatMap(({ stdout, stderr }) => [stdout, stderr]));
  expect(lengths.size).toBe(1);
  expect([...lengths][0]).toMatch(/\n\[cut\]$/);
  expect(fitted.results[19]).toMatchObject({ stdout: 'short', stderr: '' });
  expect(sizeOf(fitted)).toBeLessThanOrEqual(answerBytesMax);
  expect(sizeOf(fitted)).toBeGreaterThan(answerBytesMax * 0.99);
});

test('an answer that has room is left as it is', () => {
  const answer = { results: [result({ message: 'm', stdout: 'é\n', stderr: 'x'.repeat(65_536) })] };
  expect(fitAnswer(answer)).toEqual(answer);
});
