import {
  type DeliveryTarget,
  findJobOfEvent,
  type HourlyLimit,
  spendHourly,
  unspendHourly,
} from '@agent-registry/db';
import { hourOf, nextHour } from '@agent-registry/domain';
import type { Op } from '../op.ts';

/** Attempts an hour at endpoints that have never answered 2xx: anybody's server may stand there. */
const PER_AGENT = 20;
const PER_HOST = 60;
/** Those of agreed and funded jobs are outside of both: so many an hour at the endpoints of one host. */
const PER_HOST_OF_JOBS = 600;

/**
 * Counts an attempt that is about to be made at an endpoint of the agent that has never answered 2xx.
 *
 * @param url where it goes.
 * @returns null where it may be made; else when the next hour begins.
 */
export async function spendAttempt(op: Op, target: DeliveryTarget, url: string): Promise<Date | null> {
  const spent = { hour: hourOf(op.now), amount: 1 };
  const taken: string[] = [];
  for (const limit of await limitsOf(op, target, hostOf(url))) {
    if (await spendHourly(op.trx, limit, spent)) {
      taken.push(limit.name);
      continue;
    }
    for (const name of taken) await unspendHourly(op.trx, name, spent);
    return nextHour(op.now);
  }
  return null;
}

/** A name with a dot at its end is the same host (RFC 1034). */
const hostOf = (url: string): string => new URL(url).hostname.replace(/\.$/, '');

/** Always in this order, so that two attempts never wait for each other. */
async function limitsOf(op: Op, target: DeliveryTarget, host: string): Promise<HourlyLimit[]> {
  const job = await findJobOfEvent(op.trx, target.event_id);
  if (job?.agreed_at != null) return [{ name: `webhook:jobs-of-host:${host}`, limit: PER_HOST_OF_JOBS }];
  return [
    { name: `webhook:agent:${target.agent_id}`, limit: PER_AGENT },
    { name: `webhook:host:${host}`, limit: PER_HOST },
  ];
}
