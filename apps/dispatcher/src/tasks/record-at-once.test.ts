import { takeAttempt } from '@agent-registry/db';
import { untilOneWaits } from '@agent-registry/db/testing';
import {
  type AttemptReport,
  claimAtOnce,
  commit,
  recordAtOnce,
  recordAttempt,
  redeliverWebhook,
} from '@agent-registry/operations';
import { describe, expect, test } from '@jest/globals';
import { openRegistry } from '../testing/open-registry.ts';
import { createWebhookBench, type Parcel } from '../testing/webhook-bench.ts';

const LEASE_MS = 20_000;
const MINUTE_MS = 60_000;
const URL = 'https://agent.example.com/hooks';
const registry = await openRegistry({ tasks: 'lose' });
const bench = createWebhookBench(() => registry);
const { db } = registry.database;

/** A delivery to an endpoint that answered a moment ago, its first attempt claimed; and a report of its success. */
async function claimed(): Promise<{ parcel: Parcel; report: AttemptReport }> {
  const parcel = await bench.parcel(URL);
  const now = registry.clock.now();
  await registry.setAgent(parcel.agentId, { endpoint_verified_url: URL, endpoint_answered_at: now });
  const name = { deliveryId: parcel.deliveryId, cycle: 1, attempt: 1 };
  const claim = await claimAtOnce(registry.deps, { ...name, leaseMs: LEASE_MS, targetUrl: URL });
  const outcome = { kind: 'answered', status: 202, retryAfter: null, response: 'thanks\0' } as const;
  return { parcel, report: { ...name, token: claim!.token, targetUrl: URL, durationMs: 12.4, outcome } };
}

/** What there is of a delivery, without what tells it from another. */
async function rowsOf(parcel: Parcel) {
  const {
    delivery_id: _d,
    event_id: _e,
    agent_id: _a,
    recorded_no: _r,
    ...delivery
  } = await bench.delivery(parcel);
  const { delivery_id: _i, lease_token: _t, ...attempt } = (await bench.attempt(parcel))!;
  const outbox = await db.selectFrom('outbox').selectAll().where('subject', '=', parcel.deliveryId).execute();
  const { agent_id: _n, ...agent } = await bench.agent(parcel);
  const { endpoint_verified_url, endpoint_answered_at, endpoint_failures, endpoint_disabled_at } = agent;
  const health = { endpoint_verified_url, endpoint_answered_at, endpoint_failures, endpoint_disabled_at };
  return { delivery, attempt, outbox: outbox.length, health };
}

test('a success recorded by one statement leaves what a transaction leaves, and is answered the same', async () => {
  const [one, other] = [await claimed(), await claimed()];
  const atOnce = await recordAtOnce(registry.deps, one.report);
  const { value } = await commit(registry.deps, (op) => recordAttempt(op, other.report));
  expect(atOnce).toEqual(value);
  const rows = await rowsOf(one.parcel);
  expect(rows).toEqual(await rowsOf(other.parcel));
  expect(rows).toMatchObject({
    delivery: { status: 'delivered', attempts: 1, finished_at: registry.clock.now() },
    attempt: { status: 202, response: 'thanks\uFFFD', duration_ms: 12, finished_at: registry.clock.now() },
    outbox: 0,
  });
});

describe('one statement records nothing and changes nothing', () => {
  type Claimed = Awaited<ReturnType<typeof claimed>>;
  const agentIs = (values: Parameters<typeof registry.setAgent>[1]) => async (it: Claimed) => {
    await registry.setAgent(it.parcel.agentId, values);
    return it.report;
  };
  const deliveryIs = (values: object) => async (it: Claimed) => {
    const { deliveryId } = it.parcel;
    await db.updateTable('webhook_deliveries').set(values).where('delivery_id', '=', deliveryId).execute();
    return it.report;
  };
  const minuteAgo = new Date(registry.clock.now().getTime() - MINUTE_MS);
  test.each<[string, (it: Claimed) => Promise<AttemptReport>]>([
    [
      'where the endpoint answered 500',
      async ({ report }) => {
        const outcome = { kind: 'answered', status: 500, retryAfter: null, response: '' } as const;
        return { ...report, outcome };
      },
    ],
    [
      'where nothing was answered',
      async ({ report }) => {
        const outcome = { kind: 'unanswered', phase: 'timeout', error: 'late', sent: true } as const;
        return { ...report, outcome };
      },
    ],
    ['where the endpoint’s answers are to be noted again', agentIs({ endpoint_answered_at: minuteAgo })],
    ['where the endpoint has failed', agentIs({ endpoint_failures: 1 })],
    ['where the endpoint is disabled', agentIs({ endpoint_disabled_at: minuteAgo })],
    ['where another endpoint has answered', agentIs({ endpoint_verified_url: 'https://other.example.com/' })],
    ['where no endpoint has answered', agentIs({ endpoint_verified_url: null })],
    ['where a newer cycle has begun', deliveryIs({ cycle: 2 })],
    ['where the delivery has ended', deliveryIs({ status: 'failed' })],
    [
      'where another worker has the lease',
      async ({ report }) => ({ ...report, token: registry.deps.ids.next() }),
    ],
    [
      'where the outcome is recorded',
      async ({ parcel, report }) => {
        const now = registry.clock.now();
        const { deliveryId } = parcel;
        await db
          .updateTable('webhook_attempts')
          .set({ finished_at: now })
          .where('delivery_id', '=', deliveryId)
          .execute();
        return report;
      },
    ],
    [
      'where the delivery is gone',
      async ({ report }) => ({ ...report, deliveryId: registry.deps.ids.next() }),
    ],
  ])('one statement records nothing and changes nothing %s', async (_case, change) => {
    const it = await claimed();
    const report = await change(it);
    const before = await rowsOf(it.parcel);
    expect(await recordAtOnce(registry.deps, report)).toBeNull();
    expect(await rowsOf(it.parcel)).toEqual(before);
  });
});

describe('a success is not recorded at once over what is committed while it waits', () => {
  test('a success is not recorded at once over a lease that is taken over while it waits', async () => {
    const { parcel, report } = await claimed();
    registry.clock.advance(LEASE_MS);
    const now = registry.clock.now();
    const lease = { token: registry.deps.ids.next(), until: new Date(now.getTime() + LEASE_MS), now };
    let recording: Promise<unknown> | undefined;
    await db.transaction().execute(async (trx) => {
      expect(await takeAttempt(trx, report, lease, URL)).toBe(true);
      recording = recordAtOnce(registry.deps, report);
      await untilOneWaits(db);
    });
    expect(await recording).toBeNull();
    expect(await rowsOf(parcel)).toMatchObject({
      delivery: { status: 'pending', attempts: 0 },
      attempt: { finished_at: null, lease_until: lease.until },
      outbox: 1,
    });
  });

  test('a success is not recorded at once over a cycle that begins while it waits', async () => {
    const { parcel, report } = await claimed();
    let recording: Promise<unknown> | undefined;
    await commit(registry.deps, async (op) => {
      await redeliverWebhook(op, parcel);
      recording = recordAtOnce(registry.deps, report);
      await untilOneWaits(db);
    });
    expect(await recording).toBeNull();
    expect(await rowsOf(parcel)).toMatchObject({
      delivery: { status: 'pending', cycle: 2, attempts: 0 },
      attempt: { finished_at: null },
      outbox: 1,
    });
  });
});

test('a success that the database undoes in a deadlock is left to the transaction', async () => {
  const { parcel, report } = await claimed();
  const undone = Object.assign(new Error('deadlock detected'), { code: '40P01' });
  const deadlocked = new Proxy(db, {
    get: (target, name) =>
      name === 'executeQuery' ? () => Promise.reject(undone) : Reflect.get(target, name, target),
  });
  expect(await recordAtOnce({ ...registry.deps, db: deadlocked }, report)).toBeNull();
  expect(await rowsOf(parcel)).toMatchObject({ delivery: { status: 'pending' }, outbox: 1 });
});

test('of twenty reports of one success one is recorded, by whichever statement', async () => {
  const { parcel, report } = await claimed();
  const reported = Array.from({ length: 20 }, async (_, nth) => {
    if (nth % 2 === 0) return recordAtOnce(registry.deps, report);
    return (await commit(registry.deps, (op) => recordAttempt(op, report))).value;
  });
  const kinds = (await Promise.all(reported)).map((one) => one?.kind ?? 'none');
  expect(kinds.filter((kind) => kind === 'recorded')).toHaveLength(1);
  expect(await rowsOf(parcel)).toMatchObject({ delivery: { status: 'delivered', attempts: 1 }, outbox: 0 });
});
