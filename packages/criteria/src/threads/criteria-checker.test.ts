import { afterAll, describe, expect, test } from '@jest/globals';
import { checkCriteria } from '../check-criteria.ts';
import { createCriteriaChecker } from './criteria-checker.ts';

const options = { offeredRuntimes: ['javascript'] };
const one = (type: string, params: unknown): unknown => ({ tests: [{ test_id: 't', type, params }] });

const checker = createCriteriaChecker({ threads: 1 });
afterAll(() => checker.close());

describe('criteria checked in a thread', () => {
  const nested: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  const given: unknown[] = [
    one('assertion', { expression: 'output.ok' }),
    one('assertion', { expression: '1 + 1' }),
    one('contains', { pattern: '[', is_regex: true }),
    one('json_schema', { schema: { properties: { a: { type: 'strin' } } } }),
    JSON.parse('{"tests":[{"test_id":"a","type":"checksum","params":{"__proto__":{"expected_hash":"x"}}}]}'),
    null,
    'text',
    { tests: nested },
  ];
  test.each(given.map((value, index) => [index, value] as const))(
    'criteria checked in a thread get the answer that they get without one: %i',
    async (_index, value) => {
      expect(await checker.check(value, options)).toEqual(checkCriteria(value, options));
    },
  );

  test('criteria wait in a queue when there are more of them than threads', async () => {
    const checks = Array.from({ length: 20 }, () =>
      checker.check(one('latency_lte', { max_seconds: 1 }), options),
    );
    expect((await Promise.all(checks)).every(({ ok }) => ok)).toBe(true);
  });

  test('criteria are unavailable, and neither accepted nor refused, when the queue is full', async () => {
    const checks = Array.from({ length: 280 }, () =>
      checker.check(one('latency_lte', { max_seconds: 0 }), options),
    );
    const ends = await Promise.allSettled(checks);
    const refused = ends.filter(({ status }) => status === 'fulfilled');
    expect([refused.length, ends.length - refused.length]).toEqual([257, 23]);
    expect(ends.at(-1)).toMatchObject({ reason: { code: 'unavailable', retryAfterSeconds: 5 } });
  });
});

test.each([
  ['time', { timeoutMs: 0.001 }],
  ['memory', { heapMb: 12 }],
])(
  'criteria whose thread runs out of %s are unavailable, and neither accepted nor refused',
  async (_what, bound) => {
    const narrow = createCriteriaChecker(bound);
    // A check that takes some hundred milliseconds, in any thread.
    const slow = one('contains', { pattern: `(?i)${'[\\x00-\\x{1e942}]'.repeat(50)}`, is_regex: true });
    for (let round = 0; round < 2; round += 1) {
      const refusal = { code: 'unavailable', retryAfterSeconds: 5 };
      await expect(narrow.check(slow, options)).rejects.toMatchObject(refusal);
    }
    await narrow.close();
  },
);

test('a checker that is closed checks nothing more, and lets nobody wait', async () => {
  const closing = createCriteriaChecker({ threads: 1 });
  const checks = [1, 2].map(() => closing.check(one('latency_lte', { max_seconds: 1 }), options));
  const settled = Promise.allSettled(checks);
  await closing.close();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(closing.check(null, options)).rejects.toMatchObject({ code: 'unavailable' });
});
