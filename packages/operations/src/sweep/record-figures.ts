import { countFlows, findHourToCount, measureLevels, putDay, putHour } from '@agent-registry/db';
import { hourOf } from '@agent-registry/domain';
import type { Op } from '../op.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Figures are counted anew this often. */
const RENEW_MS = 60_000;
/** An hour that is over is counted once more this long after its end, when what was under way has been committed. */
const LATE_MS = 120_000;
/** Hours that one step counts: more than one where no sweep ran, or the market is older than its figures. */
const HOURS_MAX = 48;

/**
 * Keeps the figures of the hour and the day for operators, and makes up for hours in which no sweep ran.
 *
 * @returns how many hours it counted, where more are left to make up for; 0 otherwise.
 */
export async function recordFigures(op: Op): Promise<number> {
  const current = hourOf(op.now);
  const last = await findHourToCount(op.trx, op.now);
  const isFresh = last.updatedAt !== null && op.now.getTime() - last.updatedAt.getTime() < RENEW_MS;
  if (isFresh && last.startsAt >= current) return 0;
  const first = firstHour(last);
  const hours: Date[] = [];
  for (let at = first.getTime(); at <= current.getTime() && hours.length < HOURS_MAX; at += HOUR_MS)
    hours.push(new Date(at));
  for (const startsAt of hours) {
    const isCurrent = startsAt.getTime() === current.getTime();
    const flows = await countFlows(op.trx, { startsAt, endsAt: new Date(startsAt.getTime() + HOUR_MS) });
    const levels = isCurrent ? await measureLevels(op.trx, op.now) : null;
    await putHour(op.trx, { startsAt, flows, levels, now: op.now });
  }
  for (const day of new Set(hours.map((hour) => Math.floor(hour.getTime() / DAY_MS))))
    await putDay(op.trx, new Date(day * DAY_MS), op.now);
  return hours.at(-1)! < current ? hours.length : 0;
}

/** Where counting begins: with the hour before while that may still have been growing when it was last counted. */
function firstHour(last: { startsAt: Date; updatedAt: Date | null }): Date {
  if (last.updatedAt === null) return last.startsAt;
  const isSettled = last.updatedAt.getTime() >= last.startsAt.getTime() + LATE_MS;
  return isSettled ? last.startsAt : new Date(last.startsAt.getTime() - HOUR_MS);
}
