import { findAgent, findDelivery } from '@agent-registry/db';
import { updateAgent } from '@agent-registry/operations';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startedJob } from '../testing/jobs.ts';
import { type StandInRunner, startStandInRunner } from '../testing/stand-in-runner.ts';
import { type Registry, startRegistry } from '../testing/start-registry.ts';
import { createWebhookBench, until } from '../testing/webhook-bench.ts';

const OVERDUE_MS = 15_000;
const DAY = 86_400_000;
let registry: Registry;
let runner: StandInRunner;
const bench = createWebhookBench(() => registry);

beforeEach(async () => {
  runner = await startStandInRunner();
  registry = await startRegistry({ testRunnerUrl: runner.url });
  runner.say = () => ({ status: 503, body: {} });
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await runner.close();
});

describe('the sweep', () => {
  test('the sweep creates what was swallowed once it is 15 s overdue, under a new name, and not before', async () => {
    const { stranger, parcel } = await bench.parcelTo('ok'); // its task was never created
    registry.clock.advance(OVERDUE_MS - 1);
    expect((await registry.sweep()).body).toMatchObject({ outcome: 'swept', swept: 0 });
    registry.clock.advance(1);
    expect((await registry.sweep()).body).toMatchObject({ swept: 1, scheduled: 1 });
    expect(bench.taskOf(parcel, 1)!.taskId).not.toBe(parcel.spec.taskId);
    await until(async () => (await bench.delivery(parcel)).status === 'delivered');
    expect(stranger.requests).toHaveLength(1);
    registry.clock.advance(DAY);
    expect((await registry.sweep()).body).toMatchObject({ swept: 0 });
  });

  test('the sweep leaves each entry alone for twice as long each time', async () => {
    await bench.parcelTo('ok');
    registry.tasks.mode = 'lose';
    const sweptAt = async (second: number) => {
      registry.clock.advance(start + second * 1_000 - registry.clock.now().getTime());
      return (await registry.sweep()).body.swept;
    };
    const start = registry.clock.now().getTime();
    for (const second of [15, 30, 60, 120, 240]) {
      expect(await sweptAt(second - 0.001)).toBe(0);
      expect(await sweptAt(second)).toBe(1);
    }
  });

  test('the sweep leaves what was often moved before it was lost alone no longer than what was not', async () => {
    const { parcel } = await bench.parcelTo('ok');
    registry.tasks.mode = 'lose';
    const row = registry.database.db
      .updateTable('outbox')
      .where('subject', '=', parcel.deliveryId)
      .where('kind', '=', 'webhook');
    await row.set({ generation: 8 }).execute();
    for (let late = 0; late < 3; late += 1) {
      registry.clock.advance(OVERDUE_MS * Math.max(1, 2 ** (late - 1)));
      expect((await registry.sweep()).body).toMatchObject({ swept: 1 });
    }
  });

  test('the sweep adds no second task for what only waits in a long queue; it does once the queue has gone quiet', async () => {
    const { parcel: waiting } = await bench.parcelTo('ok');
    const { agentId } = await registry.newAgent((await bench.receiver()).url('ok'));
    registry.tasks.mode = 'lose';
    registry.clock.advance(40_000);
    const eta = (registry.clock.now().getTime() - 40_000) / 1_000;
    for (let late = 0; late < 30; late += 1) {
      const [spec] = await registry.event(agentId);
      await registry.dispatch({ ...spec!, headers: { 'x-cloudtasks-tasketa': eta.toFixed(6) } });
    }
    expect((await registry.sweep()).body).toMatchObject({ swept: 0 });
    registry.clock.advance(5_001);
    expect((await registry.sweep()).body).toMatchObject({ swept: 1 });
    expect(bench.taskOf(waiting, 1)).toBeDefined();
  });

  test('the sweep on two machines at once takes each entry once', async () => {
    const second = await registry.start();
    const { agentId } = await registry.newAgent('http://127.0.0.1:9/hook');
    for (let index = 0; index < 30; index += 1) await registry.event(agentId);
    registry.tasks.mode = 'lose';
    registry.clock.advance(OVERDUE_MS);
    await Promise.all([registry.sweep(), registry.sweep({}, second)]);
    const names = registry.tasks.created.map(({ taskId }) => taskId);
    expect(names).toHaveLength(30);
    expect(new Set(names).size).toBe(30);
  });

  test('the sweep while Cloud Tasks is out of reach costs nothing: the next one after it is back creates everything', async () => {
    const { parcel } = await bench.parcelTo('ok');
    registry.clock.advance(OVERDUE_MS);
    registry.tasks.mode = 'refuse';
    for (let time = 0; time < 5; time += 1) {
      const answer = await registry.sweep();
      expect(answer).toMatchObject({ status: 200, body: { swept: 1, scheduled: 0, not_scheduled: 1 } });
    }
    registry.tasks.mode = 'real';
    expect((await registry.sweep()).body).toMatchObject({ swept: 1, scheduled: 1 });
    await until(async () => (await bench.delivery(parcel)).status === 'delivered');
  });

  test('after the dispatcher was away for 60 s with retries due: every event arrives within two sweeps', async () => {
    const stranger = await bench.receiver();
    let isUp = false;
    const flaky = await bench.receiver({ behave: () => (isUp ? 'ok' : 'server-error') });
    const parcels = [
      ...(await Promise.all(Array.from({ length: 10 }, () => bench.parcel(flaky.url('ok'))))),
      ...(await Promise.all(Array.from({ length: 10 }, () => bench.parcel(stranger.url('ok'))))),
    ];
    registry.tasks.mode = 'lose'; // nobody is there to be called: what Cloud Tasks holds is used up
    for (const parcel of parcels.slice(0, 10)) await registry.dispatch(parcel.spec);
    isUp = true;
    for (const _sweep of [1, 2]) {
      registry.clock.advance(60_000);
      const before = registry.tasks.created.length;
      await registry.sweep();
      // One after the other, so that the clock never jumps past the lease of an attempt under way.
      for (const spec of registry.tasks.created.slice(before)) await registry.dispatch(spec);
    }
    const states = await Promise.all(parcels.map((parcel) => bench.delivery(parcel)));
    expect(states.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'delivered'));
    expect([flaky.requests.length, stranger.requests.length]).toEqual([20, 10]);
  });

  test('the sweep takes webhooks off that nobody can be sent any more, and keeps their deliveries', async () => {
    const parcel = await bench.parcel('http://127.0.0.1:9/hook');
    await registry.run((op) => updateAgent(op, { agentId: parcel.agentId, endpointUrl: null }));
    registry.clock.advance(OVERDUE_MS);
    expect((await registry.sweep()).body).toMatchObject({ swept: 1, dropped: 1, scheduled: 0 });
    expect(await bench.delivery(parcel)).toMatchObject({ status: 'pending' });
    expect(await registry.database.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
  });

  test('the sweep brings back timers and runs as well as webhooks', async () => {
    const job = await startedJob(registry);
    await job.deliver();
    registry.tasks.mode = 'lose';
    registry.clock.advance(31 * DAY);
    await registry.sweep();
    const queues = registry.tasks.created.map(({ queue }) => queue).toSorted();
    expect(queues).toEqual(['job-deadline', 'verification']);
  });
});

describe('the sweep runs maintenance', () => {
  test('nonces and idempotency keys go when they have expired, with a sweep that is not told to leave maintenance out', async () => {
    const { agentId } = await registry.newAgent();
    const { db } = registry.database;
    const times = [registry.clock.now(), new Date(registry.clock.now().getTime() + 1)];
    for (const [index, expires_at] of times.entries()) {
      await db
        .insertInto('nonces')
        .values({ agent_id: agentId, nonce: `n${index}`, expires_at })
        .execute();
      await db
        .insertInto('idempotency_keys')
        .values({
          scope: 's',
          key: `k${index}`,
          fingerprint: 'f',
          status: 200,
          answer: '{}',
          created_at: times[0]!,
          expires_at,
        })
        .execute();
    }
    expect((await registry.sweep({ maintenance: false })).body).not.toHaveProperty('nonces');
    expect((await registry.sweep()).body).toMatchObject({ nonces: 1, idempotency_keys: 1 });
    expect(await db.selectFrom('nonces').select('nonce').execute()).toEqual([{ nonce: 'n1' }]);
  });

  test('deliveries and their attempts go after 30 days, never one that is still under way', async () => {
    const { parcel: done } = await bench.parcelTo('ok');
    await registry.dispatch(done.spec);
    const { parcel: failing } = await bench.parcelTo('server-error');
    registry.tasks.mode = 'lose';
    await registry.dispatch(failing.spec);
    const { agentId: silent } = await registry.newAgent(null);
    await registry.event(silent);
    registry.clock.advance(30 * DAY);
    await registry.sweep();
    expect(await findDelivery(registry.database.db, done.deliveryId)).toBeDefined();
    registry.clock.advance(1);
    expect((await registry.sweep()).body).toMatchObject({ deliveries: 2 });
    expect(await findDelivery(registry.database.db, done.deliveryId)).toBeUndefined();
    expect(await bench.attempt(done)).toBeUndefined();
    expect(await findDelivery(registry.database.db, failing.deliveryId)).toBeDefined();
    // Events of no job's timeline go with the last delivery of theirs.
    expect(await registry.database.db.selectFrom('events').select('event_id').execute()).toHaveLength(1);
  });

  test('a secret that no longer signs is dropped, and a replaced key put into force for good', async () => {
    const { agentId } = await registry.newAgent();
    const now = registry.clock.now();
    const later = new Date(now.getTime() + 1_000);
    const key = 'ab'.repeat(32);
    await registry.setAgent(agentId, {
      previous_webhook_secret: 'sealed',
      previous_secret_until: later,
      pending_public_key: key,
      pending_key_at: later,
    });
    await registry.sweep();
    expect(await findAgent(registry.database.db, agentId)).toMatchObject({ pending_public_key: key });
    registry.clock.advance(1_000);
    expect((await registry.sweep()).body).toMatchObject({ secrets: 1, keys: 1 });
    expect(await findAgent(registry.database.db, agentId)).toMatchObject({
      previous_webhook_secret: null,
      previous_secret_until: null,
      public_key: key,
      pending_public_key: null,
      pending_key_at: null,
    });
  });

  test('standings that change by time alone are computed anew', async () => {
    const { agentId } = await registry.newAgent();
    await registry.setAgent(agentId, { reputation_due_at: registry.clock.now(), reviews_as_seller: 7 });
    expect((await registry.sweep()).body).toMatchObject({ reputations: 1 });
    expect(await findAgent(registry.database.db, agentId)).toMatchObject({
      reviews_as_seller: 0,
      reputation_due_at: null,
    });
  });

  test('what the test-runner offers is copied for the API; a runner that is away leaves what was known', async () => {
    const runtimes = [{ name: 'javascript', version: '1', engine_hash: null, backend: 'quickjs' }];
    const ready = { status: 'ready', runtimes, isolation: [], capacity: { slots: 1, queue: 1 } };
    runner.say = () => ({ status: 200, body: ready });
    await registry.sweep();
    runner.say = () => ({ status: 503, body: ready });
    await registry.sweep();
    const facts = await registry.database.db.selectFrom('deployment_facts').selectAll().execute();
    expect(facts).toMatchObject([{ name: 'runtimes', value: runtimes }]);
    expect(runner.requests[0]).toMatchObject({ method: 'GET', path: '/ready' });
  });

  test('one maintenance step that fails is a 500 and keeps none of the others from being done', async () => {
    const stranger = await bench.receiver();
    const { agentId } = await registry.newAgent(stranger.url('ok'));
    await registry.ping(agentId);
    await registry.database.db
      .updateTable('agents')
      .set({ reputation_due_at: registry.clock.now() })
      .execute();
    await registry.database.db.schema.alterTable('nonces').renameTo('nonces_gone').execute();
    registry.clock.advance(OVERDUE_MS);
    expect(await registry.sweep()).toMatchObject({
      status: 500,
      body: { outcome: 'maintenance_failed' },
    });
    await until(() => stranger.requests.length === 1);
    expect((await findAgent(registry.database.db, agentId))?.reputation_due_at).toBeNull();
  });
});
