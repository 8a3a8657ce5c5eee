import { criteriaHash } from '@agent-registry/signing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { offerPython } from '../../../test/arrange.ts';
import { type Market, newJob, recordVerdict, useMarket } from '../../../test/market.ts';
import { useApi } from '../../../test/start-api.ts';

/** Stands in every hidden case of this file, and must stand nowhere else. */
const SECRET = 'the-hidden-input-of-a-case';

const api = useApi({ VERDICT_FAIL_STEP_SECONDS: '0' });
const market = useMarket(api);
beforeAll(() => offerPython(api));

const hidden = {
  salt: 'a salt that nobody can guess',
  cases: [{ stdin: SECRET, expect: { stdout: `${SECRET}!` } }],
};
const termsFor = (sent: unknown, count = 1) => {
  const commitment = criteriaHash(sent);
  const cases = [{ stdin: 'a', expect: { stdout: 'a!' } }];
  const params = { source: '$.program', cases, hidden: { count, commitment } };
  return {
    acceptance_criteria: { tests: [{ test_id: 'shouts', type: 'program', params }] },
    hidden_cases: { shouts: sent },
  };
};
const terms = termsFor(hidden);
const told = {
  test_id: 'shouts',
  type: 'program',
  message: 'All 1 visible cases passed; of the hidden ones at least one did not.',
};
const get = (jobId: string, rest = '', party: keyof Market = 'seller') =>
  market[party].call('GET', `/v1/jobs/${jobId}${rest}`);

/** Every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`.execute(api.db);
  const texts = await Promise.all(
    tables.map(({ name }) =>
      sql<{ row: string }>`SELECT t::text AS row FROM ${sql.table(name)} t`.execute(api.db),
    ),
  );
  return texts.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n');
}

describe('hidden cases', () => {
  test('hidden cases are told by no route, event, log line or unsealed row until the job has ended, and then to both parties', async () => {
    const headers = { 'Idempotency-Key': 'hidden-1' };
    const proposal = { seller_agent_id: market.seller.id, max_budget: '20.00', ...terms };
    const proposed = await market.client.call('POST', '/v1/jobs', { body: proposal, headers });
    const replayed = await market.client.call('POST', '/v1/jobs', { body: proposal, headers });
    expect([proposed.status, replayed.status, replayed.text]).toEqual([201, 201, proposed.text]);
    const jobId = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, jobId, 'fail', told);
    await market.seller.call('POST', `/v1/jobs/${jobId}/deliver`, { body: { result: { program: 'x' } } });

    const { seller, client } = market;
    const answers = await Promise.all([
      ...(['seller', 'client'] as const).flatMap((party) => [
        get(jobId, '', party),
        get(jobId, '/verifications', party),
        get(jobId, '/events', party),
        market[party].call('GET', '/v1/jobs'),
        market[party].call('GET', `/v1/agents/${market[party].id}/webhooks`),
      ]),
      client.call('POST', `/v1/jobs/${jobId}/verify`, { headers: { Prefer: 'wait=0' } }),
      seller.call('GET', `/v1/jobs/${jobId}/reviews`),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
    for (const { text } of [proposed, ...answers]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(hidden.salt);
    }
    expect(JSON.stringify(api.lines)).not.toContain(SECRET);
    expect(JSON.stringify(api.tasks)).not.toContain(SECRET);
    expect(await everythingStored()).not.toContain(SECRET);

    await recordVerdict(api, jobId, 'pass', told);
    for (const party of ['seller', 'client'] as const) {
      expect((await get(jobId, '', party)).body).toMatchObject({
        status: 'completed',
        hidden_cases: { shouts: hidden },
      });
      expect((await market[party].call('GET', '/v1/jobs')).text).not.toContain(SECRET);
    }
    expect(JSON.stringify(api.lines)).not.toContain(SECRET);
  });

  test('hidden cases of a failed job are told once no dispute is possible any more', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    for (let delivery = 1; delivery <= 5; delivery += 1) {
      await recordVerdict(api, jobId, 'fail', told);
      if (delivery < 5)
        await market.seller.call('POST', `/v1/jobs/${jobId}/deliver`, { body: { result: {} } });
    }
    const failed = await get(jobId);
    expect([failed.body.status, failed.body.hidden_cases]).toEqual(['failed', undefined]);
    await api.db
      .updateTable('jobs')
      .set({ settled_at: api.clock.now() })
      .where('job_id', '=', jobId)
      .execute();
    expect((await get(jobId)).body.hidden_cases).toEqual({ shouts: hidden });
  });

  test('hidden cases of a job that was never funded stay hidden: there is no verdict to check, and the client may propose again', async () => {
    const jobId = await newJob(market, 'agreed', { terms });
    await market.seller.call('POST', `/v1/jobs/${jobId}/cancel`);
    const { body } = await get(jobId);
    expect([body.status, body.hidden_cases]).toEqual(['cancelled', undefined]);
  });

  test('hidden cases that no accepted key opens any more do not keep the parties from the rest of the job', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, jobId, 'pass', told);
    await api.db.updateTable('hidden_cases').set({ sealed: 's1.x' }).where('job_id', '=', jobId).execute();
    const { status, body } = await get(jobId);
    expect([status, body.status, body.hidden_cases]).toEqual([200, 'completed', undefined]);
  });

  test('hidden cases leave what a program used out of its runs until the job has ended: figures can carry what it read', async () => {
    const jobId = await newJob(market, 'delivered', { terms });
    await recordVerdict(api, jobId, 'fail', told);
    expect((await get(jobId, '/verifications')).body.items[0]).not.toHaveProperty('usage');
    await market.seller.call('POST', `/v1/jobs/${jobId}/deliver`, { body: { result: {} } });
    await recordVerdict(api, jobId, 'pass', told);
    expect((await get(jobId, '/verifications')).body.items[0]).toHaveProperty('usage.duration_ms', 1);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['that are missing', { acceptance_criteria: terms.acceptance_criteria }, 'hidden_cases.shouts'],
    ['that are null', { ...terms, hidden_cases: null }, 'hidden_cases.shouts'],
    [
      'of an unknown test',
      { ...terms, hidden_cases: { ...terms.hidden_cases, other: hidden } },
      'hidden_cases.other',
    ],
    [
      'that are not what was promised',
      { ...terms, hidden_cases: { shouts: { ...hidden, salt: 'x'.repeat(16) } } },
      'hidden_cases.shouts',
    ],
    ['of another number than promised', termsFor(hidden, 2), 'hidden_cases.shouts.cases'],
    [
      'with a case that is none',
      termsFor({ ...hidden, cases: [{ stdin: SECRET }] }),
      'hidden_cases.shouts.cases.0.expect',
    ],
    ['without criteria', { hidden_cases: terms.hidden_cases }, 'hidden_cases'],
  ])(
    'hidden cases %s are refused with their path, and without what they hold',
    async (_what, given, path) => {
      const body = { seller_agent_id: market.seller.id, max_budget: '20.00', ...given };
      const refused = await market.client.call('POST', '/v1/jobs', { body });
      expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, path]);
      expect(refused.text).not.toContain(SECRET);
    },
  );
});
