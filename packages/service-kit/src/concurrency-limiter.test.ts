import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLimiter, type Limiter, LimiterFull } from './concurrency-limiter.ts';

/** A caller whose work lasts until it is told to end; `log` tells who has begun. */
function caller(limiter: Limiter, log: string[], name: string) {
  const work = Promise.withResolvers<string>();
  const gone = new AbortController();
  const key = name.slice(0, 1);
  const begin = () => {
    log.push(name);
    return work.promise;
  };
  const result = limiter.run(key, begin, gone.signal);
  result.catch(() => undefined);
  return {
    result,
    end: () => work.resolve(name),
    fail: () => work.reject(new Error(name)),
    leave: () => gone.abort(new Error('gone')),
  };
}
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

test('no more callers than there are slots work at once, and the others follow in the order of their arrival', async () => {
  const limiter = createLimiter({ total: 2 });
  const log: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => caller(limiter, log, name));
  await settle();
  expect(log).toEqual(['a', 'b']);
  b!.end();
  expect(await b!.result).toBe('b');
  a!.fail();
  await expect(a!.result).rejects.toThrow('a');
  await settle();
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  c!.end();
  d!.end();
  expect(await Promise.all([c!.result, d!.result])).toEqual(['c', 'd']);
});

test('a key has its share of the slots, and another key need not wait behind it', async () => {
  const limiter = createLimiter({ total: 3, perKey: 2 });
  const log: string[] = [];
  const callers = ['a1', 'a2', 'a3', 'b1', 'b2'].map((name) => caller(limiter, log, name));
  await settle();
  expect(log).toEqual(['a1', 'a2', 'b1']);
  callers[3]!.end();
  await settle();
  expect(log).toEqual(['a1', 'a2', 'b1', 'b2']);
  callers[0]!.end();
  await settle();
  expect(log).toEqual(['a1', 'a2', 'b1', 'b2', 'a3']);
});

test('a caller that goes away while it waits is passed over, and its work is not done', async () => {
  const limiter = createLimiter({ total: 1 });
  const log: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => caller(limiter, log, name));
  b!.leave();
  await expect(b!.result).rejects.toThrow('gone');
  a!.end();
  c!.end();
  expect(await c!.result).toBe('c');
  expect(log).toEqual(['a', 'c']);
  await expect(
    createLimiter({ total: 0 }).acquire('a', AbortSignal.abort(new Error('late'))),
  ).rejects.toThrow('late');
});

test('who finds neither a slot nor a place in the queue is refused by the bound it met', async () => {
  const limiter = createLimiter({ total: 2, perKey: 1, waitingMax: 0, refusal: (bound) => new Error(bound) });
  const slot = await limiter.acquire('a');
  await expect(limiter.acquire('a')).rejects.toThrow('key');
  await limiter.acquire('b');
  await expect(limiter.acquire('c')).rejects.toThrow('total');
  slot();
  slot();
  await limiter.acquire('c');
  await expect(limiter.acquire('d')).rejects.toThrow('total');
  await expect(createLimiter({ total: 0, waitingMax: 0 }).acquire('a')).rejects.toThrow(LimiterFull);
});

test('a limiter is idle when the last slot is released', async () => {
  const limiter = createLimiter({ total: 2 });
  await limiter.idle();
  const slots = [await limiter.acquire('a'), await limiter.acquire('b')];
  let isIdle = false;
  const idle = limiter.idle().then(() => {
    isIdle = true;
  });
  slots[0]!();
  await settle();
  expect(isIdle).toBe(false);
  slots[1]!();
  await idle;
});

test('whatever comes and goes, no bound is passed, nobody is left waiting beside a slot for it, and all ends', async () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), ends: fc.nat(6), leaves: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, total) => {
        const limiter = createLimiter({ total, perKey: 2 });
        const running: { key: string; slot: () => void }[] = [];
        const waiting = new Map<AbortController, string>();
        const come = (key: string): void => {
          const gone = new AbortController();
          waiting.set(gone, key);
          limiter.acquire(key, gone.signal).then(
            (slot) => {
              waiting.delete(gone);
              running.push({ key, slot });
            },
            () => waiting.delete(gone),
          );
        };
        const used = (key: string): number => running.filter((one) => one.key === key).length;
        for (const { key, ends, leaves } of steps) {
          come(key);
          await settle();
          if (leaves) [...waiting.keys()][ends]?.abort();
          else running.splice(ends, 1)[0]?.slot();
          await settle();
          expect(running.length).toBeLessThanOrEqual(total);
          for (const name of ['a', 'b', 'c']) expect(used(name)).toBeLessThanOrEqual(2);
          if (running.length < total) for (const name of waiting.values()) expect(used(name)).toBe(2);
        }
        while (running.length > 0) {
          running.pop()!.slot();
          await settle();
        }
        expect(waiting.size).toBe(0);
        await limiter.idle();
      },
    ),
    { numRuns: 50 },
  );
});
