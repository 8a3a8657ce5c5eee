import { createDb } from '@agent-registry/db';
import { beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { call, newAgent, type TestAgent } from '../../test/call.ts';
import { useApi } from '../../test/start-api.ts';

// The way to the database is given, though it is the usual one: then a connection is waited for no longer than a service does.
const api = useApi({ DB_POOL_MAX: '1' }, (url) => url);
let alice: TestAgent;
beforeAll(async () => {
  alice = await newAgent(api);
  // Her first request notes that she was seen: in a test it would take the one connection there is.
  await alice.call('GET', '/v1/jobs');
  await api.context.background.idle();
});

test('a database that has no connection to give in time is 503, and a later request is served', async () => {
  const release = Promise.withResolvers<void>();
  const busy = Promise.withResolvers<void>();
  const taken = api.context.db.connection().execute(async () => {
    busy.resolve();
    await release.promise;
  });
  await busy.promise;
  const reply = await call(api, 'GET', `/v1/agents/${alice.id}`);
  expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
  expect(reply.headers.get('retry-after')).toBe('2');
  release.resolve();
  await taken;
  expect((await call(api, 'GET', `/v1/agents/${alice.id}`)).status).toBe(200);
});

test('a connection that breaks in a transaction is 503, and the same request succeeds when it is repeated', async () => {
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const taken = api.db.transaction().execute(async (trx) => {
    await trx.selectFrom('agents').select('agent_id').where('agent_id', '=', alice.id).forUpdate().execute();
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const path = `/v1/agents/${alice.id}`;
  const rename = () => alice.call('PATCH', path, { body: { display_name: 'Alice' } });
  const broken = rename();
  const reply = await endWaitingBackends(broken);
  expect([reply.status, reply.body.code]).toEqual([503, 'unavailable']);
  release.resolve();
  await taken;
  expect((await rename()).status).toBe(200);
});

/** Ends whatever backend waits for a lock, as a crash of the database would, until the request is answered: what touches last_seen may wait first. */
async function endWaitingBackends<T>(request: Promise<T>): Promise<T> {
  const superuser = createDb({ url: process.env.TEST_DATABASE_URL ?? '', poolMax: 1 });
  const database = new URL(api.database.url('registry_api')).pathname.slice(1);
  let isAnswered = false;
  const answered = request.finally(() => {
    isAnswered = true;
  });
  try {
    while (!isAnswered)
      await sql`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = ${database} AND wait_event_type = 'Lock'`.execute(superuser);
    return await answered;
  } finally {
    await superuser.destroy();
  }
}

test('a fault of ours is a 500 that says nothing of our inside', async () => {
  await api.db.schema.alterTable('reviews').renameTo('reviews_away').execute();
  const reply = await call(api, 'GET', `/v1/agents/${alice.id}/reviews`);
  await api.db.schema.alterTable('reviews_away').renameTo('reviews').execute();
  expect(reply.status).toBe(500);
  expect(reply.body).toMatchObject({ code: 'internal', detail: 'Something failed on our side.' });
  expect(reply.text).not.toMatch(/reviews_away|relation|select/i);
  const logged = api.lines.findLast((line) => line.severity === 'ERROR' && line.error !== undefined);
  expect(JSON.stringify(logged)).toContain('does not exist');
});
