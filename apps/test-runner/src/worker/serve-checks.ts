import { runCheck, type WorkerTest } from '../checks/run-check.ts';
import type { Frame } from './frames.ts';
import type { CheckJob, CheckResult } from './protocol.ts';

const sample: readonly WorkerTest[] = [
  {
    testId: 'a',
    type: 'json_schema',
    schema: { type: 'object', patternProperties: { a: { pattern: 'a' } } },
  },
  { testId: 'b', type: 'count_gte', path: '$..a[?@.b == 1]', minCount: 0 },
  { testId: 'c', type: 'contains', pattern: 'a+', isRegex: true },
  { testId: 'd', type: 'assertion', expression: 'output.all(k, k.matches("a"))' },
  { testId: 'e', type: 'checksum', expectedHash: '' },
];

/**
 * Gets ready to run checks: runs one of each, so that the libraries have set themselves up, and then freezes
 * what they share. A check that found a way to change a prototype would change it for the next job too.
 */
export function createChecks(): (frame: Frame) => CheckResult {
  for (const test of sample) runCheck(test, { a: 'a' });
  const shared = [
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    RegExp,
    Date,
    Error,
    TypeError,
  ];
  const collections = [RangeError, SyntaxError, Map, Set, WeakMap, WeakSet, Promise, Uint8Array, ArrayBuffer];
  for (const built of [...shared, ...collections]) {
    Object.freeze(built.prototype);
    Object.freeze(built);
  }
  for (const built of [JSON, Math, Reflect]) Object.freeze(built);
  return ({ header, body }) => {
    const { test } = header as CheckJob;
    return runCheck(test as WorkerTest, JSON.parse(body.toString('utf8')));
  };
}
