import {
  claimAttempt,
  commit,
  recordAttempt,
  redeliverWebhook,
  updateAgent,
} from '@agent-registry/operations';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openRegistry } from '../testing/open-registry.ts';
import { openTcpProxy } from '../testing/open-tcp-proxy.ts';
import { createWebhookBench, type Parcel, until } from '../testing/webhook-bench.ts';

const LEASE_MS = 20_000;
const registry = await openRegistry({ exchangeMs: 400 });
const bench = createWebhookBench(() => registry);

beforeEach(() => {
  registry.tasks.mode = 'real';
});

const RECORDED = { status: 200, body: { outcome: 'recorded' } };

describe('an attempt is made once', () => {
  test('an attempt is made once when its task arrives on two machines at once: the other answers 409, then finds it recorded', async () => {
    const second = await registry.start();
    const { stranger, parcel } = await bench.parcelTo('silent');
    const answers = await Promise.all(
      [registry.first, second].map((machine) => registry.dispatch(parcel.spec, machine)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([409, 504]);
    expect(stranger.requests).toHaveLength(1);
    expect(await registry.dispatch(parcel.spec, second)).toEqual(RECORDED);
    expect(stranger.requests).toHaveLength(1);
  });

  test('an attempt is made once when its task arrives twenty times on two machines', async () => {
    const second = await registry.start();
    const { stranger, parcel } = await bench.parcelTo('ok');
    const machines = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? registry.first : second));
    const answers = await Promise.all(machines.map((machine) => registry.dispatch(parcel.spec, machine)));
    expect(answers.filter(({ body }) => body.outcome === 'delivered')).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(stranger.requests).toHaveLength(1);
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  test('a redelivery of an attempt that is recorded sends nothing and sees to its successor', async () => {
    const { stranger, parcel } = await bench.parcelTo('server-error');
    registry.tasks.mode = 'lose';
    await registry.dispatch(parcel.spec);
    registry.tasks.mode = 'real';
    const successor = bench.taskOf(parcel, 2)!;
    expect(await registry.dispatch(parcel.spec)).toEqual(RECORDED);
    expect(bench.taskOf(parcel, 2)).toMatchObject({
      taskId: successor.taskId,
      scheduleAt: successor.scheduleAt,
    });
    expect(stranger.requests).toHaveLength(1);
    expect(await bench.delivery(parcel)).toMatchObject({ attempts: 1 });
  });

  test('a successor that vanished from the outbox is put back by the redelivery', async () => {
    const { parcel } = await bench.parcelTo('server-error');
    await registry.dispatch(parcel.spec);
    const dueAt = (await bench.attempt(parcel))!.next_attempt_at;
    await registry.database.db.deleteFrom('outbox').where('subject', '=', parcel.deliveryId).execute();
    expect((await registry.dispatch(parcel.spec)).status).toBe(200);
    const rows = await registry.database.db
      .selectFrom('outbox')
      .selectAll()
      .where('subject', '=', parcel.deliveryId)
      .execute();
    expect(rows).toMatchObject([{ attempt: 2, due_at: dueAt }]);
  });
});

/** What a worker asks for that makes a delivery's first attempt. */
const leaseOf = ({ deliveryId, spec }: Parcel) => ({
  deliveryId,
  cycle: 1,
  attempt: 1,
  leaseMs: LEASE_MS,
  targetUrl: String(spec.body.target_url),
});

describe('a lease', () => {
  test('a lease that ran out without an outcome is taken over and the attempt sent again, webhook-id the same', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok');
    const lease = leaseOf(parcel);
    // A worker that claims the attempt and is never heard of again.
    const { value } = await registry.run((op) => claimAttempt(op, lease));
    expect(value.kind).toBe('claimed');
    expect(await registry.dispatch(parcel.spec)).toEqual({ status: 409, body: { outcome: 'leased' } });
    registry.clock.advance(LEASE_MS - 1);
    expect((await registry.dispatch(parcel.spec)).status).toBe(409);
    registry.clock.advance(1);
    expect(await registry.dispatch(parcel.spec)).toEqual({ status: 200, body: { outcome: 'delivered' } });
    expect(stranger.requests.map(({ headers }) => headers['webhook-id'])).toEqual([parcel.deliveryId]);
  });

  test('a lease that was taken over: what its first holder reports counts for nothing', async () => {
    const { parcel } = await bench.parcelTo('ok');
    const lease = leaseOf(parcel);
    const { value: stale } = await registry.run((op) => claimAttempt(op, lease));
    registry.clock.advance(LEASE_MS);
    await registry.run((op) => claimAttempt(op, lease));
    if (stale.kind !== 'claimed') throw new Error('not claimed');
    const { value } = await registry.run((op) =>
      recordAttempt(op, {
        ...lease,
        token: stale.token,
        targetUrl: 'http://gone.example',
        durationMs: 1,
        outcome: { kind: 'answered', status: 410, retryAfter: null, response: '' },
      }),
    );
    expect(value).toEqual({ kind: 'lost' });
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'pending', attempts: 0 });
    expect((await bench.agent(parcel)).endpoint_disabled_at).toBeNull();
  });
});

describe('a database that goes away while an exchange is under way', () => {
  test('a database that comes back within seconds costs no second exchange: its outcome is recorded then', async () => {
    const proxy = await openTcpProxy(registry.database.url('registry_dispatcher'));
    const machine = await registry.start({ env: { DATABASE_URL: proxy.url } });
    const { stranger, parcel } = await bench.parcelTo('silent');
    const answer = registry.dispatch(parcel.spec, machine);
    await until(() => stranger.requests.length === 1);
    proxy.cut();
    await until(() => proxy.refused() > 0);
    proxy.mend();
    expect((await answer).status).toBe(504);
    expect(await bench.attempt(parcel)).toMatchObject({ phase: 'timeout', finished_at: expect.any(Date) });
    expect(stranger.requests).toHaveLength(1);
    await machine.close();
    await proxy.close();
  });
});

describe('what could not be done is Cloud Tasks’ to send again', () => {
  test('an outcome that could not be recorded: 500, 409 while the lease runs, then sent again', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok');
    await sql`REVOKE DELETE ON outbox FROM registry_dispatcher`.execute(registry.database.db);
    try {
      expect(await registry.dispatch(parcel.spec)).toMatchObject({ status: 500, body: { code: 'internal' } });
    } finally {
      await sql`GRANT DELETE ON outbox TO registry_dispatcher`.execute(registry.database.db);
    }
    expect(await bench.attempt(parcel)).toMatchObject({ finished_at: null });
    expect((await registry.dispatch(parcel.spec)).status).toBe(409);
    registry.clock.advance(LEASE_MS);
    expect((await registry.dispatch(parcel.spec)).status).toBe(200);
    expect(stranger.requests).toHaveLength(2);
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  test('a claim that could not be made: 500, and nothing is sent', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok');
    await sql`REVOKE INSERT ON webhook_attempts FROM registry_dispatcher`.execute(registry.database.db);
    try {
      expect((await registry.dispatch(parcel.spec)).status).toBe(500);
    } finally {
      await sql`GRANT INSERT ON webhook_attempts TO registry_dispatcher`.execute(registry.database.db);
    }
    expect(stranger.requests).toHaveLength(0);
    expect((await registry.dispatch(parcel.spec)).status).toBe(200);
  });

  test('a successor whose task could not be created: 500; the redelivery creates it and sends nothing', async () => {
    const { stranger, parcel } = await bench.parcelTo('server-error');
    registry.tasks.mode = 'refuse';
    expect(await registry.dispatch(parcel.spec)).toEqual({ status: 500, body: { outcome: 'not_scheduled' } });
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'pending', attempts: 1 });
    expect(await registry.dispatch(parcel.spec)).toEqual({ status: 500, body: { outcome: 'not_scheduled' } });
    registry.tasks.mode = 'real';
    expect(await registry.dispatch(parcel.spec)).toEqual(RECORDED);
    expect(bench.taskOf(parcel, 2)).toBeDefined();
    expect(stranger.requests).toHaveLength(1);
  });
});

describe('an attempt that nobody wants any more is answered 200 and not sent', () => {
  const gone = (reason: string) => ({ status: 200, body: { outcome: 'gone', reason } });

  test('an attempt whose delivery is deleted is answered 200 and not sent', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok');
    await registry.database.db
      .deleteFrom('webhook_deliveries')
      .where('delivery_id', '=', parcel.deliveryId)
      .execute();
    expect(await registry.dispatch(parcel.spec)).toEqual(gone('deleted'));
    expect(stranger.requests).toHaveLength(0);
  });

  test('an attempt of a cycle before the newest is answered 200 and not sent', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok');
    const { specs } = await registry.run((op) => redeliverWebhook(op, parcel));
    expect(await registry.dispatch(parcel.spec)).toEqual(gone('superseded'));
    expect(await registry.dispatch(specs[0]!)).toMatchObject({ status: 200, body: { outcome: 'delivered' } });
    expect(stranger.requests).toHaveLength(1);
  });

  test('an attempt at an endpoint that the agent took away is answered 200 and not sent: the event is kept', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok');
    await registry.run((op) => updateAgent(op, { agentId: parcel.agentId, endpointUrl: null }));
    expect(await registry.dispatch(parcel.spec)).toEqual(gone('unreachable'));
    expect(stranger.requests).toHaveLength(0);
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'pending', attempts: 0 });
  });

  test('an attempt under way when a newer cycle begins ends in the log and changes nothing else', async () => {
    const { stranger, parcel } = await bench.parcelTo('silent');
    const answer = registry.dispatch(parcel.spec);
    await until(() => stranger.requests.length === 1);
    await commit(registry.deps, (op) => redeliverWebhook(op, parcel));
    expect((await answer).status).toBe(504);
    expect(await bench.attempt(parcel)).toMatchObject({ phase: 'timeout', next_attempt_at: null });
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'pending', cycle: 2, attempts: 1 });
    expect(bench.taskOf(parcel, 2)).toBeUndefined();
  });
});
