import type { AttemptEntry, DeliveryEntry } from './books.ts';

/** The promised waits: 1 s, 5 s, 30 s, 5 min, 30 min at the usual unit of a second. */
const DELAY_UNITS = [1, 5, 30, 300, 1800];
const ATTEMPTS_MAX = DELAY_UNITS.length + 1;

const is2xx = ({ status }: AttemptEntry): boolean => status !== null && status >= 200 && status < 300;

/**
 * What is wrong with a delivery's entry: its state, the log of its attempts, and what the outbox has of it. Each fault is a
 * sentence without a subject.
 */
export function checkDelivery(
  delivery: DeliveryEntry,
  options: { isDead: boolean; arrivals: number; unitMs: number },
): string[] {
  const finished = delivery.log.filter(({ finishedAt }) => finishedAt !== null);
  return [
    ...checkLog(delivery, finished, options.unitMs),
    ...checkState(delivery, finished, options),
    ...checkAhead(delivery, finished),
  ];
}

function* checkLog(
  { log, attempts, cycle }: DeliveryEntry,
  finished: readonly AttemptEntry[],
  unitMs: number,
): Iterable<string> {
  const numbers = log.map(({ attempt }) => attempt);
  if (numbers.some((attempt, index) => attempt !== index + 1))
    yield `has attempts ${numbers.join(', ')}: not 1 to n`;
  if (log.some((attempt) => attempt.cycle !== cycle)) yield 'has attempts of another cycle';
  if (finished.length !== attempts) yield `counts ${attempts} attempts and has recorded ${finished.length}`;
  for (const [index, one] of finished.entries()) {
    const name = `attempt ${one.attempt}`;
    if (!is2xx(one) && (one.phase === null || one.error === null)) yield `${name} failed without a reason`;
    if (is2xx(one) && one.phase !== null) yield `${name} succeeded and has a phase of failure`;
    const isLast = is2xx(one) || one.attempt >= ATTEMPTS_MAX;
    const wait = isLast ? undefined : (DELAY_UNITS[one.attempt - 1] ?? 0) * unitMs;
    const waited =
      one.nextAttemptAt === null ? undefined : one.nextAttemptAt.getTime() - one.finishedAt!.getTime();
    if (wait !== waited)
      yield `${name} is to be followed after ${waited ?? 'no'} ms instead of ${wait ?? 'no'} ms`;
    const follower = finished[index + 1];
    if (follower && one.nextAttemptAt && follower.startedAt < one.nextAttemptAt)
      yield `attempt ${follower.attempt} came before its time`;
  }
}

function* checkState(
  { status, exhausted, finishedAt }: DeliveryEntry,
  finished: readonly AttemptEntry[],
  { isDead, arrivals }: { isDead: boolean; arrivals: number },
): Iterable<string> {
  const last = finished.at(-1);
  const isDelivered = last !== undefined && is2xx(last);
  if (!isDead && arrivals === 0) yield 'did not arrive';
  if (!isDead && status !== 'delivered') yield `is ${status} though its receiver was there`;
  if (isDead && status === 'delivered') yield 'is delivered though nobody was there';
  if ((status === 'delivered') !== isDelivered) yield `is ${status}, which its last attempt does not say`;
  if ((status === 'pending') !== (finishedAt === null))
    yield `is ${status} and finished at ${finishedAt?.toISOString()}`;
  if ((status === 'failed') !== exhausted)
    yield `is ${status} and ${exhausted ? 'exhausted' : 'not exhausted'}`;
  if (exhausted && finished.length !== ATTEMPTS_MAX) yield `is exhausted after ${finished.length} attempts`;
}

function* checkAhead(
  { status, cycle, log, ahead }: DeliveryEntry,
  finished: readonly AttemptEntry[],
): Iterable<string> {
  if (status !== 'pending') {
    if (ahead.length > 0) yield `is ${status} and still in the outbox`;
    if (log.length !== finished.length) yield `is ${status} with an attempt under way`;
    return;
  }
  const [next] = ahead;
  if (next === undefined || ahead.length > 1)
    return void (yield `is pending with ${ahead.length} outbox entries`);
  const wanted = finished.length + 1;
  if (next.attempt !== wanted || next.cycle !== cycle)
    yield `waits for attempt ${next.attempt} of cycle ${next.cycle}, not ${wanted} of ${cycle}`;
  const due = finished.at(-1)?.nextAttemptAt;
  if (due && next.dueAt < due) yield 'is to be tried before its time';
}
