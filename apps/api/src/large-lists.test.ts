import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { newJob, useMarket } from '../test/market.ts';
import { itemsOf, readPages } from '../test/pages.ts';
import { useApi } from '../test/start-api.ts';

const MIB = 1_048_576;
const api = useApi();
const market = useMarket(api);

/** Jobs whose requirements are a quarter of a megabyte each. */
async function largeJobs(count: number, requirements: unknown): Promise<void> {
  const jobId = await newJob(market, 'proposed');
  const { rows } = await sql<{ columns: string }>`
    SELECT string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns
    WHERE table_name = 'jobs' AND column_name NOT IN ('job_id', 'requirements', 'documents_bytes')`.execute(
    api.db,
  );
  const columns = sql.raw(rows[0]!.columns);
  await sql`
    INSERT INTO jobs (job_id, requirements, ${columns}) SELECT gen_random_uuid(), ${JSON.stringify(requirements)}::json, ${columns}
    FROM jobs, generate_series(1, ${count}) WHERE job_id = ${jobId}`.execute(api.db);
}

test('a list of large jobs is under 8 MiB in bytes, also in a script of three bytes a letter, and its cursor leads to every one', async () => {
  await largeJobs(60, '記'.repeat(85_000));
  const pages = await readPages((path) => market.client.call('GET', path), '/v1/jobs?limit=100');
  for (const { text } of pages) expect(Buffer.byteLength(text)).toBeLessThan(8 * MIB);
  const ids = new Set(itemsOf(pages).map(({ job_id }) => job_id));
  expect([ids.size, pages.length > 1]).toEqual([61, true]);
});

test('20 lists of large jobs at once are all answered, and a stranger beside them too', async () => {
  await largeJobs(
    40,
    Array.from({ length: 40_000 }, (_, n) => n),
  );
  const lists = Array.from({ length: 20 }, () => market.client.call('GET', '/v1/jobs?limit=100'));
  const other = await market.seller.call('GET', `/v1/agents/${market.seller.id}/balance`);
  expect(other.status).toBe(200);
  expect((await Promise.all(lists)).map(({ status }) => status)).toEqual(Array(20).fill(200));
}, 120_000);

test('a list of webhooks with long answers in their logs is under 8 MiB, and its link leads to the rest', async () => {
  await sql`
    WITH made AS (
      INSERT INTO events (event_id, type, body, created_at) SELECT gen_random_uuid(), 'ping', '{}', ${api.clock.now()}::timestamptz FROM generate_series(1, 100)
      RETURNING event_id, created_at), deliveries AS (
      INSERT INTO webhook_deliveries (delivery_id, event_id, agent_id, event_type, status, created_at)
      SELECT gen_random_uuid(), event_id, ${market.seller.id}, 'ping', 'failed', created_at FROM made RETURNING delivery_id)
    INSERT INTO webhook_attempts (delivery_id, cycle, attempt, lease_token, lease_until, started_at, response)
    SELECT delivery_id, n, 1, ${randomUUID()}, now(), now(), repeat('記', 1024) FROM deliveries, generate_series(1, 50) AS n`.execute(
    api.db,
  );
  const pages = await readPages(
    (path) => market.seller.call('GET', path),
    `/v1/agents/${market.seller.id}/webhooks?limit=100`,
  );
  for (const { text } of pages) expect(Buffer.byteLength(text)).toBeLessThan(8 * MIB);
  expect(pages.length).toBeGreaterThan(1);
  expect(new Set(itemsOf(pages).map(({ delivery_id }) => delivery_id)).size).toBe(100);
});
