import { expect, test } from '@jest/globals';
import { createDoor, type Door } from './door.ts';

const stays = () => undefined;

/** A caller whose work lasts until it is told to end. */
function caller(door: Door, log: string[], name: string) {
  const work = Promise.withResolvers<string>();
  let leave = stays as () => void;
  const passed = door.pass(
    () => {
      log.push(name);
      return work.promise;
    },
    (go) => {
      leave = go;
    },
  );
  return {
    passed,
    end: () => work.resolve(name),
    fail: () => work.reject(new Error(name)),
    go: () => leave(),
  };
}

test('no more than so many work at once; the others follow in the order of their arrival', async () => {
  const door = createDoor(2, new AbortController().signal);
  const log: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => caller(door, log, name));
  await Promise.resolve();
  expect(log).toEqual(['a', 'b']);
  b!.end();
  expect(await b!.passed).toBe('b');
  a!.fail();
  await expect(a!.passed).rejects.toThrow('a');
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  c!.end();
  d!.end();
  expect(await Promise.all([c!.passed, d!.passed])).toEqual(['c', 'd']);
});

test('a caller that goes away while it waits is passed over, and its work is not done', async () => {
  const door = createDoor(1, new AbortController().signal);
  const log: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => caller(door, log, name));
  b!.go();
  expect(await b!.passed).toBeNull();
  a!.end();
  c!.end();
  expect(await c!.passed).toBe('c');
  expect(log).toEqual(['a', 'c']);
});

test('when the service stops, those who wait are sent away and those inside finish', async () => {
  const stopping = new AbortController();
  const door = createDoor(1, stopping.signal);
  const log: string[] = [];
  const [a, b] = ['a', 'b'].map((name) => caller(door, log, name));
  stopping.abort();
  expect(await b!.passed).toBeNull();
  expect(await caller(door, log, 'late').passed).toBeNull();
  a!.end();
  expect(await a!.passed).toBe('a');
  expect(log).toEqual(['a']);
});
