import {
  countDeliveriesInRange,
  type DeliveryRange,
  type DeliveryRow,
  findAgent,
  listDeliveriesUnderWay,
  lockDeliveriesInRange,
} from '@agent-registry/db';
import { EVENT_TYPES, type EventType, fieldRefusal, parseTimestamp, UUID } from '@agent-registry/schemas';
import type { Op } from '../op.ts';
import { assertEndpoint, reopen } from './redeliver-webhook.ts';
import { findReplaysLeft, spendReplays } from './replay-budget.ts';

/** What remains is counted no further than this. */
const REPLAY_COUNT_MAX = 1_000;

export interface Replay {
  /** Deliveries of this call that are sent again, or were on their way and had not been tried yet. */
  readonly replayed: number;
  /** Deliveries of the range after this batch, counted to 1,000 at most. */
  readonly remaining: number;
  /** `cursor` of the next call; null at the end. */
  readonly next: string | null;
}

const REPLAYED_EVENTS = EVENT_TYPES.filter((type) => type !== 'ping');

/**
 * Sends an agent's events of a time range again, delivered or not, oldest first, one bounded batch a call. Pings are left
 * out unless they are asked for.
 *
 * @throws RegistryError endpoint_missing, invalid_state (the endpoint is disabled), validation_failed (cursor, range),
 *   rate_limited (500 events were sent again in this hour).
 */
export async function replayWebhooks(
  op: Op,
  input: {
    agentId: string;
    since: Date;
    until: Date;
    events: readonly EventType[] | null;
    cursor: string | null;
  },
): Promise<Replay> {
  if (input.until < input.since) throw fieldRefusal('until', 'must not be before since');
  const { agentId, since, until } = input;
  assertEndpoint(await findAgent(op.trx, agentId), false);
  const events = input.events === null || input.events.length === 0 ? REPLAYED_EVENTS : input.events;
  const after = input.cursor === null ? null : readCursor(input.cursor);
  const range: DeliveryRange = { agentId, since, until, events, after };
  const limit = await findReplaysLeft(op, agentId);
  const batch = await lockDeliveriesInRange(op.trx, range, limit);
  await spendReplays(op, agentId, batch.length);
  const untried = new Set(
    (await listDeliveriesUnderWay(op.trx, batch.map(idOf)))
      .filter(({ attempt }) => attempt === 1)
      .map(({ subject }) => subject),
  );
  await reopen(
    op,
    batch.map(idOf).filter((deliveryId) => !untried.has(deliveryId)),
  );
  const last = batch.at(-1);
  if (last === undefined || batch.length < limit) return { replayed: batch.length, remaining: 0, next: null };
  const rest = { ...range, after: { at: last.created_at, id: last.delivery_id } };
  const remaining = await countDeliveriesInRange(op.trx, rest, REPLAY_COUNT_MAX);
  return { replayed: batch.length, remaining, next: remaining === 0 ? null : writeCursor(last) };
}

function idOf(delivery: DeliveryRow): string {
  return delivery.delivery_id;
}

function writeCursor(delivery: DeliveryRow): string {
  return Buffer.from(`${delivery.created_at.toISOString()} ${delivery.delivery_id}`).toString('base64url');
}

function readCursor(text: string): NonNullable<DeliveryRange['after']> {
  const [time = '', id = ''] = Buffer.from(text, 'base64url').toString('latin1').split(' ');
  const at = parseTimestamp(time);
  if (at === null || !UUID.test(id)) throw fieldRefusal('cursor', 'must be a `next` from before');
  return { at, id };
}
