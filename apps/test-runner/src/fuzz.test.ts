import { testTypes } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { base64, facts, openRunner } from '../test/start-runner.ts';

const runner = await openRunner();

/** Texts that are almost what a test wants, and any other. */
const text = fc.oneof(
  fc.constantFrom(
    '$',
    '$..*',
    'output',
    'output.a.b',
    '^(a+)+$',
    base64('throw 1'),
    'javascript',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const value = fc.oneof(fc.jsonValue({ maxDepth: 4 }), text);
const params = fc.oneof(
  fc.dictionary(
    fc.constantFrom(
      ...['schema', 'path', 'min_count', 'max_count', 'pattern', 'is_regex', 'expected_hash', 'max_seconds'],
      ...['expression', 'script', 'runtime', 'timeout_seconds', 'source', 'cases', 'hidden'],
    ),
    value,
  ),
  value,
);
const criteria = fc.oneof(
  value,
  fc.record({
    version: fc.constantFrom('1.0', '2'),
    tests: fc.array(fc.record({ test_id: text, type: fc.constantFrom(...Object.keys(testTypes)), params }), {
      maxLength: 4,
    }),
    pass_threshold: fc.oneof(fc.constantFrom('all', 'majority'), value),
  }),
  fc.record({ script: value, runtime: value }, { requiredKeys: ['script'] }),
);
const body = fc.oneof(
  value,
  fc.record(
    {
      run_id: fc.oneof(fc.constant('run'), value),
      criteria,
      hidden_cases: value,
      deliverable: value,
      facts: fc.oneof(fc.constant(facts), value),
    },
    { requiredKeys: ['run_id', 'criteria', 'deliverable', 'facts'] },
  ),
);
/** A verdict, a body that does not fit, or no isolation for a runtime. */
const documented = [200, 400, 422, 503];

test('whatever JSON it is sent, the runner answers as documented and goes on answering', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (asked) => {
      const response = await runner.post(JSON.stringify(asked));
      await response.arrayBuffer();
      expect(documented).toContain(response.status);
    }),
    { numRuns: 300 },
  );
  const contains = { test_id: 't', type: 'contains', params: { pattern: 'a' } };
  expect((await runner.verdictOf([contains], 'a')).verdict).toBe('pass');
});
