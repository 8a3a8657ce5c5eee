import type { TestOutcome } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { openRunner, patientLimits, script } from '../test/start-runner.ts';

// Scripts are bounded by counting, so a busy machine must not end them by the clock.
const runner = await openRunner({ verification: patientLimits });

describe('a hostile script meets a limit, and the verdict names it', () => {
  /** By the outcome that each has. */
  const attacks: Partial<Record<TestOutcome, Readonly<Record<string, string>>>> = {
    cpu: {
      'an endless loop': 'for(;;){}',
      'an endless loop that catches what it can': 'try { for(;;){} } catch { exit(0) } finally { exit(0) }',
      'a regular expression that backtracks': '/(a+)+$/.test("a".repeat(50) + "b")',
      'jobs without end': 'const f = () => Promise.resolve().then(f); (async () => { for(;;) await 0 })()',
      'a loop in a getter': 'Object.defineProperty(globalThis, "x", { get() { for(;;); } }); x',
      'a loop in a thrown value': 'throw { get message() { for(;;); } }',
      'a loop in toJSON': 'console.log({ toJSON() { for(;;); } })',
      'a loop in a thenable': 'await { then() { for(;;); } }',
      'a loop in a generator': 'function* g() { for(;;) yield 1 } for (const _ of g());',
      'a loop in Function': 'new Function("for(;;);")()',
      'a loop in a sort': 'const a = Array.from({ length: 1e5 }, (_, i) => i); for(;;) a.sort(() => 1)',
      'a replace that backtracks': '"a".repeat(40).replace(/(a|a)*b/, "")',
    },
    memory: {
      'an array without end': 'const a = []; for(;;) a.push(new Array(1000).fill(1))',
      'an array without end, caught':
        'for(;;) try { const a = []; for(;;) a.push(new Array(1000).fill(1)) } catch {}',
      'one large buffer': 'try { new ArrayBuffer(1e9) } catch {} exit(0)',
      'a string that doubles':
        'const a = []; let s = "x"; for(;;) { s += s; if (s.length > 1e8) s = "x"; a.push(s + "y") }',
      'functions bound to functions': 'let f = () => 1; for(;;) f = f.bind(null, f)',
      'a typed array at the limit': 'const a = []; for(;;) a.push(new Uint8Array(1e6).fill(1))',
      'a map without end': 'const m = new Map(); for (let i = 0;; i++) m.set(i, [i])',
      'a closure chain': 'let f = () => 0; for(;;) { const g = f; f = () => g }',
      'symbols without end': 'const a = []; for (let i = 0;; i++) a.push(Symbol("x".repeat(1000) + i))',
      'an array filled to its end': 'new Array(4294967295).fill(1)',
      'regular expressions without end':
        'const a = []; for (let i = 0;; i++) a.push(new RegExp("a{1,50}" + i))',
    },
    output: {
      'a flood of lines': 'for(;;) console.log("x".repeat(1000))',
      'one huge line': 'console.log("x".repeat(5e6))',
      'a flood with replaced built-ins':
        'String.prototype.slice = () => "y".repeat(1e7); for(;;) console.error("x".repeat(1e6))',
      'a flood of errors': 'for(;;) console.error("x".repeat(1000))',
      'a flood by many arguments': 'for(;;) console.log(...Array(500).fill("x".repeat(100)))',
      'a flood of objects': 'const o = { a: "x".repeat(1e5) }; for(;;) print(o)',
      'a flood from jobs':
        'for (let i = 0; i < 1e5; i++) Promise.resolve().then(() => print("x".repeat(10000)))',
    },
    failed: {
      recursion: 'const f = () => f() + 1; f()',
      'recursion in JSON': 'JSON.parse("[".repeat(1e5))',
      'recursion in the parser': 'eval("(".repeat(1e5))',
      'recursion in proxies': 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x',
      'recursion through toString': 'const o = { toString() { return "" + o } }; "" + o',
      'a thrown value that throws when it is shown': 'throw { get message() { throw 1 } }',
      'an await that never ends': 'await new Promise(() => {})',
      'an import': 'await import("node:fs")',
      'an import of a remote module': 'await import("https://example.org/x.js")',
      'an export': 'export const a = 1',
      'a huge number': '2n ** 100000000n',
      'a string that is too long': '"x".repeat(2 ** 30)',
      'a regular expression that nests': 'new RegExp("(".repeat(1e5) + ")".repeat(1e5))',
      'an error that replaces its own class': 'Error = null; null.x',
      'a frozen world': 'Object.freeze(globalThis); globalThis.print = 1; null.x',
      'replaced promises': 'Promise.prototype.then = () => {}; throw new Error("x")',
      'a replaced deliverable that throws':
        'Object.defineProperty(globalThis, "deliverable", { get() { throw 1 } }); deliverable',
      'a large exit code': 'exit(257)',
      'an exit code that is none': 'exit("zero")',
      'an exit code between two': 'exit(0.5)',
      'text that closes the wrapper': '}; exit(0); {',
    },
  };
  const rows = Object.entries(attacks).flatMap(([outcome, scripts]) =>
    Object.entries(scripts).map(([what, source]) => [what, source, outcome] as const),
  );
  test.each(rows)(
    'the verdict names the limit that a hostile script meets: %s',
    async (_name, source, outcome) => {
      // What is to meet another limit first gets the time for it: all work is counted, native loops too.
      const timeout_seconds = outcome === 'cpu' ? 0.5 : 20;
      const answer = await runner.verdictOf([script(source, { timeout_seconds })], { a: 1 });
      expect([answer.verdict, answer.results[0]?.outcome]).toEqual(['fail', outcome]);
      expect(
        (answer.results[0]?.stdout.length ?? 0) + (answer.results[0]?.stderr.length ?? 0),
      ).toBeLessThanOrEqual(131_072);
    },
  );

  test('a stack that overflows again and again ends by count', async () => {
    const source = 'function f() { try { return f() + 1 } catch { return f() } } f()';
    const answer = await runner.verdictOf([script(source, { timeout_seconds: 0.5 })], 1);
    expect(answer.results[0]?.outcome).toBe('cpu');
  });
});

describe('nothing of the outside is in a script', () => {
  const names = `process require module Buffer fetch setTimeout Date performance WebAssembly Worker std os
    scriptArgs navigator SharedWorker XMLHttpRequest WebSocket crypto setInterval setImmediate
    queueMicrotask global Deno Bun gc Intl load write end`.split(/\s+/);
  test.each(names)('in a script %s is undefined', async (name) => {
    const found = await runner.verdictOf(
      [script(`exit(typeof globalThis.${name} === 'undefined' && typeof ${name} === 'undefined' ? 0 : 1)`)],
      1,
    );
    expect(found.verdict).toBe('pass');
  });

  test.each([
    'console.log.constructor("return globalThis")()',
    'print.constructor.constructor("return globalThis")()',
    'exit.constructor("return globalThis")()',
    'deliverable.constructor.constructor("return globalThis")()',
    '(async () => {}).constructor("return globalThis")()',
    '(0, eval)("globalThis")',
  ])('%s leads back into the sandbox', async (expression) => {
    const source = `const g = await ${expression}; exit(g === globalThis && typeof g.process === 'undefined' ? 0 : 1)`;
    expect((await runner.verdictOf([script(source)], {})).verdict).toBe('pass');
  });

  test('randomness is gone', async () => {
    expect(
      (await runner.verdictOf([script('exit(typeof Math.random === "undefined" ? 0 : 1)')], 1)).verdict,
    ).toBe('pass');
  });
});

test('after all hostile scripts the service has its workers, and no more', () =>
  runner.expectNoMoreThanItsWorkers());
