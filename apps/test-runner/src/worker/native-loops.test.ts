import { expect, test } from '@jest/globals';
import { openRunner, patientLimits, script } from '../../test/start-runner.ts';

// Loops inside the engine's built-ins are counted like the script's own. The clock is far away: it must not be what ends
// them, on any machine.
const runner = await openRunner({ verification: patientLimits });

test.each([
  ['filling a sparse array', 'const a = []; a.length = 4e9; a.fill(0)', /cpu|memory/],
  ['sorting a sparse array', 'const a = []; a.length = 4e9; a[3] = 1; a.sort()', /cpu/],
  ['searching what only claims a length', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)', /cpu/],
  ['reversing what only claims a length', '[].reverse.call({ length: 2 ** 53 - 1 })', /cpu/],
  ['repeating', 'for (;;) "x".repeat(2e7)', /cpu/],
  ['filling a typed array', 'const a = new Uint8Array(3e7); for (;;) a.fill(1)', /cpu/],
  ['copying a buffer', 'const a = new ArrayBuffer(3e7); for (;;) a.slice(0)', /cpu/],
  ['comparing', 'const a = "x".repeat(1e7) + "y", b = "x".repeat(1e7) + "z"; for (;;) a < b', /cpu/],
  ['splitting', 'const s = "x".repeat(1e5); for (;;) s.split("")', /cpu/],
  ['stringifying', 'const a = Array(1e5).fill({ b: 1 }); for (;;) JSON.stringify(a)', /cpu/],
  ['parsing', 'const s = "[" + "1,".repeat(1e5) + "1]"; for (;;) JSON.parse(s)', /cpu/],
  [
    'a shared tree',
    'let a = []; for (let i = 0; i < 60; i += 1) a = [a, a]; JSON.stringify(a)',
    /cpu|memory/,
  ],
  ['large numbers', 'const a = 3n ** 200000n; for (;;) a.toString()', /cpu/],
  ['a regular expression', '/^(a|a)*$/.test("a".repeat(100) + "b")', /cpu/],
])('%s ends by count, twice at the same place', async (_name, source, outcome) => {
  const suite = [script(source, { timeout_seconds: 0.5 })];
  const first = await runner.verdictOf(suite, 1);
  const second = await runner.verdictOf(suite, 1);
  expect(first.results[0]?.outcome).toMatch(outcome);
  expect(second.results).toEqual(first.results);
  expect(first.deterministic).toBe(true);
});
