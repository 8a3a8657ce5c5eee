import { expect, test } from '@jest/globals';
import { createDb } from './create-db.ts';
import { createDatabaseClock } from './database-clock.ts';
import { useTestDatabase } from './testing/index.ts';

const MINUTE_MS = 60_000;
const database = useTestDatabase();

function open(aheadMs: number, db = database.apiDb) {
  const told: string[] = [];
  const log = { error: (_: object, text: string) => void told.push(text), info: () => undefined };
  const machine = { now: () => new Date(Date.now() + aheadMs) };
  return { clock: createDatabaseClock(db, machine, log), told };
}
/** To the minute, and never -0. */
const minutesFromNow = (time: Date): number => Math.round((time.getTime() - Date.now()) / MINUTE_MS) + 0;

test.each([5, -5])(
  'a machine’s clock that differs by %i minutes gives way to the database’s, and the log says so once',
  async (minutes) => {
    const { clock, told } = open(minutes * MINUTE_MS);
    expect(Math.round((await clock.aheadMs()) / MINUTE_MS)).toBe(minutes);
    expect(minutesFromNow(clock.now())).toBe(0);
    expect(told).toEqual(['this machine’s clock is wrong: the database’s is used']);
    clock.close();
  },
);

test('a machine’s clock that agrees with the database’s is used as it is', async () => {
  const { clock, told } = open(0);
  expect(Math.abs(await clock.aheadMs())).toBeLessThan(MINUTE_MS);
  expect(minutesFromNow(clock.now())).toBe(0);
  expect(told).toEqual([]);
  clock.close();
});

test('while the database cannot be asked, the machine’s clock is used and how far it is ahead is not known', async () => {
  const away = createDb({ url: 'postgres://nobody@127.0.0.1:1/none', poolMax: 1 });
  const { clock } = open(5 * MINUTE_MS, away);
  await expect(clock.aheadMs()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(minutesFromNow(clock.now())).toBe(5);
  clock.close();
  await away.destroy();
});
