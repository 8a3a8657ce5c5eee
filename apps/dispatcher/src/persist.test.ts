import { describe, expect, test } from '@jest/globals';
import { isDatabaseAway, persist } from './persist.ts';

const failure = (code?: string, message = 'failed') => Object.assign(new Error(message), { code });
const never = new AbortController().signal;

describe('what is persisted in', () => {
  test('is tried again while the database is away, and ends as soon as it is back', async () => {
    let tries = 0;
    const result = await persist(async () => {
      tries += 1;
      if (tries < 3) throw failure('ECONNREFUSED');
      return 'recorded';
    }, never);
    expect([result, tries]).toEqual(['recorded', 3]);
  });

  test('is not when the database has said no, or the service is stopping', async () => {
    for (const [error, signal] of [
      [failure('23505'), never],
      [failure('ECONNREFUSED'), AbortSignal.abort()],
    ] as const) {
      let tries = 0;
      const work = persist(async () => {
        tries += 1;
        throw error;
      }, signal);
      await expect(work).rejects.toBe(error);
      expect(tries).toBe(1);
    }
  });

  test.each([
    ['57P01', 'terminating connection due to administrator command', true],
    ['57P03', 'the database system is starting up', true],
    ['53300', 'too many connections', true],
    ['08006', 'connection failure', true],
    ['ECONNRESET', 'read ECONNRESET', true],
    [undefined, 'Connection terminated unexpectedly', true],
    [undefined, 'timeout exceeded when trying to connect', true],
    ['42501', 'permission denied', false],
    ['57014', 'canceling statement due to statement timeout', false],
    ['40001', 'could not serialize access', false],
    [undefined, 'x is not a function', false],
  ])('%s (%s) says that the database is away: %s', (code, message, away) => {
    expect(isDatabaseAway(failure(code, message))).toBe(away);
  });
});
