import { countRoundTrips } from '@agent-registry/db/testing';
import type { TaskSpec } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { commit } from './commit.ts';
import { emit } from './emit.ts';
import { defer, notFound, type Op, refuseDuplicate } from './op.ts';
import { useHarness } from './testing/harness.ts';

const harness = useHarness();

const lock = (op: Op, agentId: string) =>
  op.trx.selectFrom('agents').select('agent_id').where('agent_id', '=', agentId).forUpdate().execute();

/** Two operations that each lock an agent and then `go` on to the other's, for which they wait in a circle; how often they ran. */
async function waitInACircle(go: (op: Op, first: string, second: string) => Promise<unknown>) {
  const [a, b] = [await harness.newAgent('a', 0n), await harness.newAgent('b', 0n)];
  const both = Promise.withResolvers<void>();
  let runs = 0;
  let locked = 0;
  const inOrder = (first: string, second: string) =>
    harness.run(async (op) => {
      runs += 1;
      await lock(op, first);
      locked += 1;
      if (locked === 2) both.resolve();
      await both.promise;
      await go(op, first, second);
    });
  await Promise.all([inOrder(a, b), inOrder(b, a)]);
  return runs;
}

test('two transactions that wait for each other both succeed in the end', async () => {
  expect(await waitInACircle((op, _, second) => lock(op, second))).toBeGreaterThan(2);
});

test.each(['40P01', '40001'])(
  'an operation that Postgres undoes every time (%s) is refused for now',
  async (state) => {
    let runs = 0;
    const doomed = harness.run(() => {
      runs += 1;
      return Promise.reject(Object.assign(new Error('undone'), { code: state }));
    });
    await expect(doomed).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
    expect(runs).toBe(5);
  },
);

test('an operation that finds a table changed since its statements were prepared is run again', async () => {
  const agentId = await harness.newAgent('changing', 0n);
  const readAgent = (op: Op) =>
    op.trx.selectFrom('agents').selectAll().where('agent_id', '=', agentId).executeTakeFirst();
  await harness.run(readAgent);
  const { schema } = harness.deps.db;
  await schema
    .alterTable('agents')
    .addColumn('added', 'integer', (column) => column.defaultTo(7))
    .execute();
  let runs = 0;
  const read = await harness.run((op) => {
    runs += 1;
    return readAgent(op);
  });
  expect(read).toMatchObject({ agent_id: agentId, added: 7 });
  expect(runs).toBe(2);
  await schema.alterTable('agents').dropColumn('added').execute();
});

/** Breaks the constraint that an agent has one account. */
const openTwice = (op: Op, ownerId: string) =>
  op.trx
    .insertInto('accounts')
    .values({ account_id: op.ids.next(), kind: 'agent', owner_id: ownerId, balance: 0n })
    .execute();

test.each([
  ['with the commit', async () => undefined],
  ['before another query', async (op: Op) => void (await lock(op, op.ids.next()))],
])('a deferred write that fails %s is what the operation fails of', async (_when, then) => {
  const agentId = await harness.newAgent('deferring', 0n);
  const write = (op: Op) =>
    refuseDuplicate(openTwice(op, agentId), 'accounts_kind_owner_id_key', () => notFound('second account'));
  const doomed = harness.run(async (op) => {
    defer(op, write(op));
    await then(op);
  });
  await expect(doomed).rejects.toMatchObject({ code: 'not_found' });
});

test('a deferred write that Postgres undid to break a deadlock is run again with its operation', async () => {
  const runs = await waitInACircle(async (op, first, second) => {
    const write = lock(op, second);
    defer(op, write);
    await write.catch(() => undefined);
    await lock(op, first); // is refused behind the other, for the transaction is undone by then
  });
  expect(runs).toBeGreaterThan(2);
});

test('any other error is passed on at once, and nothing stays', async () => {
  await harness.newAgent('unchanged', 0n);
  const broken = harness.run(async (op) => {
    await op.trx.updateTable('agents').set({ display_name: 'changed' }).execute();
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  const names = await harness.deps.db.selectFrom('agents').select('display_name').distinct().execute();
  expect(names.map(({ display_name }) => display_name)).not.toContain('changed');
});

/** Commits, and returns the tasks that were to be created. */
async function tasksOf(work: (op: Op) => Promise<unknown>, failures = 0) {
  const specs: TaskSpec[] = [];
  const enqueue = async (led: readonly TaskSpec[]) => {
    specs.push(...led);
    return failures;
  };
  const { unscheduled } = await commit({ ...harness.deps, enqueue }, work);
  return { specs, unscheduled };
}

const ping = (agentId: string) => async (op: Op) => emit(op, 'ping', null, {}, [agentId]);

test('an operation that goes on behind a statement that failed is an error, and none of its tasks is created', async () => {
  const agentId = await harness.newAgent('hasty', 0n, 'https://agent.example.com/');
  const announced: string[] = [];
  const hasty = commit(
    { ...harness.deps, announce: (keys) => void announced.push(...keys), enqueue: () => Promise.reject() },
    async (op) => {
      op.announcements.push('key');
      await op.trx
        .updateTable('agents')
        .set({ display_name: 'changed' })
        .where('agent_id', '=', agentId)
        .execute();
      await op.trx
        .insertInto('accounts')
        .values({ account_id: 'no uuid', kind: 'agent', balance: 0n } as never)
        .execute()
        .catch(() => undefined);
    },
  );
  await expect(hasty).rejects.toThrow(/rolled back instead of committed/);
  expect(announced).toEqual([]);
});

test('an operation that only emits is one round trip, and its tasks are made of what it knew', async () => {
  const agentId = await harness.newAgent('reached', 0n, 'https://agent.example.com/');
  let specs: TaskSpec[] = [];
  const statements = await countRoundTrips(undefined, async () => {
    ({ specs } = await tasksOf(ping(agentId)));
  });
  expect(statements).toEqual([expect.stringMatching(/^begin; WITH new_events .*; commit$/s)]);
  const { body } = await harness.deps.db
    .selectFrom('events')
    .select('body')
    .orderBy('event_id', 'desc')
    .executeTakeFirstOrThrow();
  expect(specs).toEqual([
    expect.objectContaining({
      queue: 'webhook-delivery',
      body: expect.objectContaining({
        event: 'ping',
        target_url: 'https://agent.example.com/',
        payload: body,
        cycle: 1,
        attempt: 1,
      }),
    }),
  ]);
});

test('tasks that cannot be created are counted and fail nothing', async () => {
  const agentId = await harness.newAgent('patient', 0n, 'https://agent.example.com/');
  expect(await tasksOf(ping(agentId), 1)).toMatchObject({ unscheduled: 1 });
});

test('a webhook secret whose seal does not open costs its own task, and not the operation', async () => {
  const [lost, other] = await Promise.all(
    ['lost', 'other'].map((name) => harness.newAgent(name, 0n, `https://${name}.example.com/`)),
  );
  await harness.deps.db
    .updateTable('agents')
    .set({ webhook_secret: 's1.unknown.AAAA' })
    .where('agent_id', '=', lost!)
    .execute();
  const { specs } = await tasksOf(async (op) => emit(op, 'ping', null, {}, [lost!, other!]));
  expect(specs.map(({ body }) => body.target_url)).toEqual(['https://other.example.com/']);
});

test('an operation that is tried again leaves nothing of the first try', async () => {
  const agentId = await harness.newAgent('twice', 0n, 'https://agent.example.com/');
  let runs = 0;
  const { specs } = await tasksOf(async (op) => {
    await ping(agentId)(op);
    runs += 1;
    if (runs === 1) throw Object.assign(new Error('undone'), { code: '40001' });
  });
  expect(runs).toBe(2);
  expect(specs.length).toBe(1);
});
