import { describe, expect, test } from '@jest/globals';
import { openRunner, script } from '../../test/start-runner.ts';

const runner = await openRunner();

const run = async (source: string) => {
  const [result] = (await runner.verdictOf([script(source)], { a: 1 })).results;
  return {
    outcome: result?.outcome,
    code: result?.exit_code,
    message: result?.message,
    stderr: result?.stderr,
  };
};

const rejected = {
  outcome: 'failed',
  code: 1,
  message: 'A promise was rejected and nobody handled it: code 1.',
};
const unsettled = { outcome: 'failed', code: 13, message: 'A promise never settled: code 13.' };
const passed = { outcome: 'passed', code: 0 };

describe('a script whose rejection nobody handled fails', () => {
  test.each([
    'async function test() { await null; throw new Error("bad work") } test()',
    'async function test() { throw new Error("bad work") } test(); print("done")',
    '[1, 2].forEach(async () => { throw new Error("bad work") })',
    'Promise.resolve().then(() => { throw new Error("bad work") })',
    'Promise.reject(new Error("bad work")).finally(() => {})',
    'globalThis.kept = Promise.reject(new Error("bad work"))',
    'class Own extends Promise {} Own.reject(new Error("bad work"))',
    'async function* all() { throw new Error("bad work") } (async () => { for await (const _ of all()); })()',
    '(async () => { await { then(_, no) { no(new Error("bad work")) } } })()',
    'Promise.prototype.then = () => {}; (async () => { await null; throw new Error("bad work") })()',
    'Promise = null; (async () => { await null; throw new Error("bad work") })()',
    'new ((async () => {}).constructor)("throw new Error(\\"bad work\\")")()',
  ])('a script whose rejection nobody handled fails: %s', async (source) => {
    const found = await run(source);
    expect(found).toMatchObject(rejected);
    expect(found.stderr).toContain('bad work');
  });

  test('a script whose rejection nobody handled fails even where it ends itself with code 0 before', async () => {
    expect(await run('async function test() { throw 1 } test(); exit(0)')).toMatchObject(rejected);
  });

  test('an unhandled rejection fails the script also where the collector of cycles frees promise and reason together', async () => {
    const source = `(() => { const o = new Error('x'); o.p = Promise.reject(o) })();
      const kept = []; for (let i = 0; i < 1e5; i += 1) kept.push({})`;
    expect(await run(source)).toMatchObject(rejected);
  });
});

describe('a script that leaves a promise pending fails', () => {
  test.each([
    'async function test() { await new Promise(() => {}); throw 1 } test()',
    'await new Promise(() => {})',
    '(async () => { await { then() {} } })()',
    'globalThis.kept = new Promise(() => {})',
    'Promise.race([])',
    'async function* all() { await new Promise(() => {}) } all().next()',
    'Promise.prototype.then = () => {}; new Promise(() => {})',
  ])('a script that leaves a promise pending fails: %s', async (source) => {
    expect(await run(source)).toMatchObject(unsettled);
  });
});

describe('a script that looks at all its promises passes', () => {
  test.each([
    'const late = Promise.reject(1); await null; await null; late.catch(() => {})',
    'const late = (async () => { throw 1 })(); await null; try { await late } catch {}',
    'try { await Promise.all([Promise.reject(1), Promise.reject(2)]) } catch {}',
    'await Promise.allSettled([Promise.reject(1), 2]); await Promise.any([Promise.reject(1), 2])',
    'await Promise.race([Promise.resolve(1), (async () => { await null; return 2 })()])',
    'async function* all() { yield 1; yield* [2, Promise.resolve(3)] } for await (const _ of all());',
    'async function* all() { try { yield 1 } finally { await null } } for await (const _ of all()) break',
    'async function* all() { yield 1 } const it = all(); await it.next(); try { await it.throw(1) } catch {}',
    'async function* all() { yield 1; yield 2 } const it = all(); await Promise.all([it.next(), it.next()])',
    'class Own extends Promise {} await new Own((done) => done(1)).then((n) => n + 1)',
    'const { promise, resolve } = Promise.withResolvers(); resolve(1); await promise',
    'async function main() { await null; exit(0) } main()',
    'await import("nothing").catch(() => {})',
  ])('a script that looks at all its promises passes: %s', async (source) => {
    expect(await run(source)).toMatchObject(passed);
  });
});
