import { findHourlyRest, type HourlyLimit, spendHourly } from '@agent-registry/db';
import { hourOf, nextHour } from '@agent-registry/domain';
import { RegistryError } from '@agent-registry/schemas';
import type { Op } from '../op.ts';

/** Events that an agent may have sent again in an hour, by replay and redelivery together. */
export const REPLAYS_HOURLY = 500;

const limitOf = (agentId: string): HourlyLimit => ({ name: `replay:${agentId}`, limit: REPLAYS_HOURLY });

/** How many more there may be in this hour, at least one. @throws RegistryError rate_limited. */
export async function findReplaysLeft(op: Op, agentId: string): Promise<number> {
  const left = await findHourlyRest(op.trx, limitOf(agentId), hourOf(op.now));
  if (left === 0) throw usedUp(op);
  return left;
}

/** Counts events that are sent again. @throws RegistryError rate_limited. */
export async function spendReplays(op: Op, agentId: string, amount: number): Promise<void> {
  if (amount === 0) return;
  if (!(await spendHourly(op.trx, limitOf(agentId), { hour: hourOf(op.now), amount }))) throw usedUp(op);
}

function usedUp(op: Op): RegistryError {
  return new RegistryError('rate_limited', `At most ${REPLAYS_HOURLY} events an hour are sent again.`, {
    retryAfterSeconds: Math.ceil((nextHour(op.now).getTime() - op.now.getTime()) / 1_000),
  });
}
