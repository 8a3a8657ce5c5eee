import { findDelivery } from '@agent-registry/db';
import type { EventType } from '@agent-registry/schemas';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { updateAgent } from '../agents/update-agent.ts';
import { emit } from '../emit.ts';
import { DAY, useHarness } from '../testing/harness.ts';
import { claimAttempt } from './claim-attempt.ts';
import { recordAttempt } from './record-attempt.ts';
import { redeliverWebhook } from './redeliver-webhook.ts';
import { REPLAYS_HOURLY } from './replay-budget.ts';
import { replayWebhooks } from './replay-webhooks.ts';
import { viewDelivery } from './view-delivery.ts';

const URL = 'https://agent.example/hook';
const harness = useHarness();
let agentId: string;

beforeEach(async () => {
  agentId = await harness.newAgent('an agent', 0n, URL);
});

/** Any event will do: the schema of its data is not what is tried here. */
async function event(type: EventType = 'job.started', to = agentId): Promise<string> {
  const [deliveryId] = await harness.run(async (op) => emit(op, type, null, {} as never, [to]));
  return deliveryId!;
}

async function attempt(deliveryId: string, number: number, status: number, cycle = 1): Promise<void> {
  await harness.run(async (op) => {
    const name = { deliveryId, cycle, attempt: number };
    const claim = await claimAttempt(op, { ...name, leaseMs: 20_000, targetUrl: URL });
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    const outcome = { kind: 'answered', status, retryAfter: null, response: 'said' } as const;
    await recordAttempt(op, { ...name, token: claim.token, targetUrl: URL, durationMs: 3, outcome });
  });
}

const outboxOf = (deliveryId: string) =>
  harness.deps.db
    .selectFrom('outbox')
    .select(['cycle', 'attempt', 'due_at'])
    .where('subject', '=', deliveryId)
    .execute();

const everything = () => ({
  agentId,
  since: new Date(0),
  until: new Date(harness.time.now.getTime() + DAY),
  events: null,
  cursor: null,
});

describe('redelivery', () => {
  test('redelivery of an exhausted delivery opens a new cycle with a fresh set of attempts; the log keeps the old', async () => {
    const deliveryId = await event();
    for (let number = 1; number <= 6; number += 1) await attempt(deliveryId, number, 500);
    expect(await findDelivery(harness.deps.db, deliveryId)).toMatchObject({
      status: 'failed',
      exhausted: true,
    });
    await harness.run((op) => redeliverWebhook(op, { agentId, deliveryId }));
    expect(await viewDelivery(harness.deps.db, deliveryId)).toMatchObject({
      status: 'pending',
      exhausted: false,
      attempts: 6,
    });
    expect(await outboxOf(deliveryId)).toMatchObject([{ cycle: 2, attempt: 1, due_at: harness.time.now }]);
    await attempt(deliveryId, 1, 200, 2);
    const { attempt_log, ...view } = await viewDelivery(harness.deps.db, deliveryId);
    expect(view).toMatchObject({ status: 'delivered', attempts: 7, last_error: null });
    expect(attempt_log.map(({ cycle, attempt: number, status }) => [cycle, number, status])).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((number) => [1, number, 500]),
      [2, 1, 200],
    ]);
    expect(attempt_log[0]).toEqual({
      cycle: 1,
      attempt: 1,
      started_at: harness.time.now.toISOString(),
      duration_ms: 3,
      phase: 'response',
      status: 500,
      error: 'The endpoint answered 500.',
      response: 'said',
      next_attempt_at: new Date(harness.time.now.getTime() + 1_000).toISOString(),
    });
  });

  test('redelivery of one under way drops what was planned, so that it is not sent by two cycles', async () => {
    const deliveryId = await event();
    await attempt(deliveryId, 1, 500);
    await harness.run((op) => redeliverWebhook(op, { agentId, deliveryId }));
    expect(await outboxOf(deliveryId)).toMatchObject([{ cycle: 2, attempt: 1 }]);
  });
});

describe('a replay', () => {
  test('a replay brings the gap: what was recorded without an endpoint, delivered or not, oldest first', async () => {
    const silent = await harness.newAgent('silent', 0n);
    const ids: string[] = [];
    for (let made = 0; made < 3; made += 1) {
      harness.advance(1_000);
      ids.push(await event('job.started', silent));
    }
    expect(await Promise.all(ids.map(outboxOf))).toEqual([[], [], []]);
    await harness.run((op) => updateAgent(op, { agentId: silent, endpointUrl: URL }));
    const replay = await harness.run((op) => replayWebhooks(op, { ...everything(), agentId: silent }));
    expect(replay).toEqual({ replayed: 3, remaining: 0, next: null });
    for (const id of ids) expect(await outboxOf(id)).toMatchObject([{ cycle: 2, attempt: 1 }]);
  });

  test('a replay takes the range with both its ends, and only the events asked for; pings only if asked for', async () => {
    const start = harness.time.now.getTime();
    const made: [EventType, number, string][] = [];
    for (const [type, second] of [
      ['job.started', 0],
      ['job.funded', 1],
      ['job.started', 2],
      ['ping', 2],
      ['job.started', 3],
    ] as const) {
      harness.time.now = new Date(start + second * 1_000);
      const id = await event(type);
      made.push([type, second, id]);
      await attempt(id, 1, 200);
    }
    const replayed = async (since: number, until: number, events: EventType[] | null) => {
      const before = new Map(
        await Promise.all(made.map(async ([, , id]) => [id, await cycleOf(id)] as const)),
      );
      await harness.run((op) =>
        replayWebhooks(op, {
          agentId,
          since: new Date(start + since * 1_000),
          until: new Date(start + until * 1_000),
          events,
          cursor: null,
        }),
      );
      const after = await Promise.all(made.map(async ([, , id]) => (await cycleOf(id)) > before.get(id)!));
      return made.flatMap(([type, second], index) => (after[index] ? [`${type} ${second}`] : []));
    };
    const cycleOf = async (id: string) => (await findDelivery(harness.deps.db, id))!.cycle;
    expect(await replayed(1, 2, null)).toEqual(['job.funded 1', 'job.started 2']);
    for (const [, , id] of made) if ((await cycleOf(id)) === 2) await attempt(id, 1, 200, 2);
    expect(await replayed(0, 9, ['job.funded', 'ping'])).toEqual(['job.funded 1', 'ping 2']);
    expect(await replayed(4, 9, null)).toEqual([]);
  });

  test('a replay leaves one alone whose first attempt is on its way: it would only arrive twice', async () => {
    const fresh = await event();
    const tried = await event();
    await attempt(tried, 1, 500);
    expect(await harness.run((op) => replayWebhooks(op, everything()))).toMatchObject({ replayed: 2 });
    expect(await outboxOf(fresh)).toMatchObject([{ cycle: 1, attempt: 1 }]);
    expect(await outboxOf(tried)).toMatchObject([{ cycle: 2, attempt: 1 }]);
  });

  test('a replay goes in batches of 500 an hour: each answer says what remains and where to go on, until nothing does', async () => {
    const count = 2 * REPLAYS_HOURLY + 7;
    await sql`
      WITH made AS (
        INSERT INTO events (event_id, type, body, created_at)
        SELECT gen_random_uuid(), 'job.started', '{}', ${harness.time.now} FROM generate_series(1, ${count})
        RETURNING event_id, created_at)
      INSERT INTO webhook_deliveries (delivery_id, event_id, agent_id, event_type, status, created_at)
      SELECT gen_random_uuid(), event_id, ${agentId}, 'job.started', 'pending', created_at FROM made`.execute(
      harness.deps.db,
    );
    const answers: [number, number][] = [];
    let cursor: string | null = null;
    do {
      const { replayed, remaining, next }: Awaited<ReturnType<typeof replayWebhooks>> = await harness.run(
        (op) => replayWebhooks(op, { ...everything(), cursor }),
      );
      answers.push([replayed, remaining]);
      cursor = next;
      if (replayed < REPLAYS_HOURLY) break;
      const refused = await harness.run((op) => replayWebhooks(op, everything())).catch((error) => error);
      expect(refused).toMatchObject({ code: 'rate_limited' });
      harness.advance(refused.retryAfterSeconds * 1_000);
    } while (cursor !== null);
    expect(answers).toEqual([
      [REPLAYS_HOURLY, REPLAYS_HOURLY + 7],
      [REPLAYS_HOURLY, 7],
      [7, 0],
    ]);
    const cycles = await harness.deps.db
      .selectFrom('webhook_deliveries')
      .select('cycle')
      .distinct()
      .where('agent_id', '=', agentId)
      .execute();
    expect(cycles).toEqual([{ cycle: 2 }]);
  });

  test('a replay is refused with a cursor that names no delivery', async () => {
    const cursor = Buffer.from('2026-01-01T00:00:00Z nobody').toString('base64url');
    const replay = harness.run((op) => replayWebhooks(op, { ...everything(), cursor }));
    await expect(replay).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: 'cursor' }] });
  });
});
