import { expect, test } from '@jest/globals';
import { retry } from './retry.ts';

const failure = (code?: string, message = 'failed') => Object.assign(new Error(message), { code });
const never = new AbortController().signal;

test('work is retried while the database is down, and ends as soon as it is back', async () => {
  let tries = 0;
  const result = await retry(async () => {
    tries += 1;
    if (tries < 3) throw failure('ECONNREFUSED');
    return 'recorded';
  }, never);
  expect([result, tries]).toEqual(['recorded', 3]);
});

test('work is not retried when the database has said no, or the service is stopping', async () => {
  for (const [error, signal] of [
    [failure('23505'), never],
    [failure('ECONNREFUSED'), AbortSignal.abort()],
  ] as const) {
    let tries = 0;
    const work = retry(async () => {
      tries += 1;
      throw error;
    }, signal);
    await expect(work).rejects.toBe(error);
    expect(tries).toBe(1);
  }
});
