import { expect, test } from '@jest/globals';
import { openRunner, patientLimits, script } from '../test/start-runner.ts';

const runs = process.env.LONG_TESTS ? 50 : 12;
const runner = await openRunner({ cores: 2, verification: patientLimits });

test(`the same suite on the same deliverable gives the same bytes, ${runs} times`, async () => {
  const sources = [
    'console.log(JSON.stringify(deliverable), Object.keys(globalThis)); let h = 7; for (let i = 0; i < 1e4; i++) h = (h * 31 + i) | 0; print(h)',
    'let n = 0; for(;;) { n += 1; if (n % 100000 === 0) console.log(n) }',
    'const a = []; for(;;) { a.push(new Array(1000).fill(a.length)); if (a.length % 100 === 0) console.log(a.length) }',
    'let i = 0; for(;;) console.log("x".repeat(1000), i++)',
    'let depth = 0; const f = () => { depth += 1; f() }; try { f() } catch (e) { console.log(depth, e.message) }',
    'console.log(new Error("x").stack, typeof Math.random, typeof Date); throw new TypeError("é")',
    'const m = new Map(); for (const k of ["b", "a", 1]) m.set(k, {}); console.log([...m.keys()], 0.1 + 0.2, Math.sin(1), 2n ** 100n)',
    'await Promise.all([1, 2, 3].map(async (n) => { await null; print(n) })); exit(3)',
  ];
  const tests = [
    ...sources.map((source, n) => ({
      ...script(source, { timeout_seconds: 0.5, memory_limit_mb: 32 }),
      test_id: `s${n}`,
    })),
    { test_id: 'schema', type: 'json_schema', params: { schema: { type: 'object', required: ['z'] } } },
    { test_id: 'cel', type: 'assertion', params: { expression: 'output.missing' } },
    { test_id: 'count', type: 'count_gte', params: { path: '$..*', min_count: 4 } },
    { test_id: 'latency', type: 'latency_lte', params: { max_seconds: 3 } },
  ];
  const seen = new Set<string>();
  const outcomes = new Set<string>();
  await Promise.all(
    Array.from({ length: 2 }, async (_, lane) => {
      for (let run = lane; run < runs; run += 2) {
        const { usage: _measured, ...rest } = await runner.verdictOf(tests, { a: [1, 2], b: { c: 'é' } });
        seen.add(JSON.stringify(rest));
        outcomes.add(rest.results.map(({ outcome }) => outcome).join(' '));
      }
    }),
  );
  expect([...outcomes]).toEqual([
    'passed cpu memory output passed failed passed failed failed failed passed failed',
  ]);
  expect(seen.size).toBe(1);
}, 120_000);
