import { commit, MAINTENANCE } from '@agent-registry/operations';
import type { marketFigures } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { z } from 'zod';
import { NO_ID } from '../../../test/arrange.ts';
import { newAgent, operatorOf, outcomeOf, type Reply } from '../../../test/call.ts';
import { CRITERIA, newJob, newMarket, recordVerdict, useMarket } from '../../../test/market.ts';
import { itemsOf, readPages } from '../../../test/pages.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

const operate = operatorOf(api);
const see = (path: string) => operate('GET', path);
/** What the sweep does. */
const recordFigures = () =>
  commit({ ...api.context, db: api.database.dispatcherDb }, (op) => MAINTENANCE.figures(op));
const MINUTE = 60_000;
const idsOf = (pages: readonly Reply[], id: string) => itemsOf(pages).map((item) => item[id]);
type Figures = z.infer<typeof marketFigures>;
const time = (at: Date) => `${at.toISOString().slice(0, 13)}:00:00.000Z`;

describe('looking agents up', () => {
  test('agents are found by part of a name, by key and by id, whatever their state', async () => {
    const agent = await newAgent(api, { display_name: 'Zürich 100% Übersetzer' });
    await operate('POST', `/agents/${agent.id}/suspend`, { note: 'n', reason: 'Spam.' });
    const { body } = await see(`/agents/${agent.id}`);
    for (const q of ['ZÜRICH 100%', agent.id.toUpperCase(), body.agent.public_key.slice(0, 20)]) {
      const found = await see(`/agents?q=${encodeURIComponent(q)}`);
      expect(found.body.items).toMatchObject([
        { agent_id: agent.id, status: 'suspended', suspension_reason: 'Spam.', balance: '0.00' },
      ]);
      expect(found.body.total).toBe(1);
    }
    expect((await see(`/agents?status=active&q=${agent.id}`)).body.items).toEqual([]);
    for (const q of ['100_', '%25%25', '\\'])
      expect((await see(`/agents?q=${encodeURIComponent(q)}`)).body.items).toEqual([]);
  });

  test.each(['created_at', 'last_seen', 'balance'])(
    'sorted by %s, the cursor leads through all agents once',
    async (sort) => {
      for (const credits of ['5.00', '7.00', '5.00']) await newMarket(api, credits);
      const all = (await see(`/agents?sort=${sort}&limit=100`)).body;
      const ids = idsOf(await readPages(see, `/agents?sort=${sort}&limit=3`), 'agent_id');
      expect(ids).toEqual(all.items.map(({ agent_id }: { agent_id: string }) => agent_id));
      expect(new Set(ids).size).toBe(all.total);
    },
  );

  test.each([
    ['jobs', 'job_id'],
    ['transactions', 'transfer_id'],
    ['deliveries', 'delivery_id'],
  ])(
    'an agent’s %s are read page by page, each once, and those of nobody are not found',
    async (list, id) => {
      for (let jobs = 0; jobs < 3; jobs += 1) await newJob(market, 'funded');
      const path = `/agents/${market.client.id}/${list}`;
      const { body: all } = await see(`${path}?limit=100`);
      const ids = idsOf(await readPages(see, `${path}?limit=2`), id);
      expect(ids).toEqual(all.items.map((item: Record<string, string>) => item[id]));
      expect(new Set(ids).size).toBe(all.total);
      expect(ids.length).toBeGreaterThan(2);
      expect((await see(`/agents/${NO_ID}/${list}`)).status).toBe(404);
    },
  );

  test('an agent’s page shows its money, its jobs, its statement, its deliveries, its keys and its limits', async () => {
    const jobId = await newJob(market, 'in_progress', { terms: { seller_abort_penalty: '2.00' } });
    const { status, body } = await see(`/agents/${market.seller.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      agent: { agent_id: market.seller.id, balance: '998.00', endpoint: { state: expect.any(String) } },
      balance: { available_balance: '998.00', held_in_escrow: '0.00', held_in_bonds: '2.00' },
      jobs: { in_progress: 1, completed: 0 },
      recent_jobs: [{ job_id: jobId, status: 'in_progress', agreed_price: '20.00', outcome: null }],
      statement: [{ kind: 'bond_hold', amount: '-2.00' }, { kind: 'deposit' }],
      keys: { pending_public_key: null },
    });
    expect(body.deliveries.map(({ event_type }: { event_type: string }) => event_type)).toContain(
      'job.funded',
    );
    const limitOf = (wanted: string) => body.limits.find(({ name }: { name: string }) => name === wanted);
    expect(limitOf('open proposals')).toMatchObject({ used: 0, limit: 100 });
    expect(limitOf('bytes written this hour').used).toBeGreaterThan(0);
    expect((await see(`/agents/${NO_ID}`)).status).toBe(404);
  });

  test('a suspended agent is told why, by every refusal and by an event, and of its return', async () => {
    const { client } = market;
    await operate('POST', `/agents/${client.id}/suspend`, {
      note: 'Ticket 7',
      reason: 'Spam to 40 sellers.',
    });
    const refused = await client.call('GET', `/v1/agents/${client.id}/balance`);
    expect(outcomeOf(refused)).toBe('403 agent_suspended');
    expect(refused.body.detail).toBe('An operator suspended this agent: Spam to 40 sellers.');
    await operate('POST', `/agents/${client.id}/reinstate`, { note: 'Ticket 7' });
    const { items } = (await client.call('GET', `/v1/agents/${client.id}/events?limit=100`)).body;
    expect(items.slice(-2)).toMatchObject([
      { event: 'agent.suspended', data: { reason: 'Spam to 40 sellers.' } },
      { event: 'agent.reinstated' },
    ]);
    expect((await see(`/agents/${client.id}`)).body.agent.suspension_reason).toBeNull();
  });
});

describe('looking at a job', () => {
  test('operators see the result, each test in full, the money, the timeline and both sides’ evidence', async () => {
    const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
    await recordVerdict(api, jobId, 'fail', { stdout: 'seen by the seller alone' });
    await market.seller.call('POST', `/v1/jobs/${jobId}/deliver`, { body: { result: { ok: false } } });
    const { status, body } = await see(`/jobs/${jobId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      job: { job_id: jobId, status: 'delivered', result: { ok: false } },
      escrow: { amount: '20.00', status: 'funded' },
      held: '20.00',
      fee_percent: '0.025',
      runs: [
        { delivery: 1, status: 'fail', results: [{ stdout: 'seen by the seller alone' }] },
        { delivery: 2, status: 'pending' },
      ],
      evidence: [],
      reviews: [],
    });
    expect(body.events[0].event).toBe('job.proposed');
  });

  test('operators read a piece of evidence, and its content', async () => {
    const jobId = await newJob(market, 'failed');
    await market.seller.call('POST', `/v1/jobs/${jobId}/dispute`);
    const shown = await market.seller.call('POST', `/v1/jobs/${jobId}/evidence`, {
      body: { name: 'n', text: 'x' },
    });
    expect((await see(`/jobs/${jobId}`)).body.evidence).toEqual([shown.body]);
    const one = await see(`/jobs/${jobId}/evidence/${shown.body.evidence_id}`);
    expect(one.body).toMatchObject({ name: 'n', content: 'eA==' });
    expect((await see(`/jobs/${jobId}/evidence/${jobId}`)).status).toBe(404);
  });

  test('every look of an operator is audited', async () => {
    const jobId = await newJob(market, 'proposed');
    await see(`/jobs/${jobId}`);
    await see('/agents?q=secret');
    const { items } = (await see('/audit?limit=2')).body;
    expect(items).toMatchObject([
      { action: 'operatorListAgents', details: { outcome: 'read', q: 'secret' } },
      { action: 'operatorGetJob', subject: jobId },
    ]);
  });
});

describe('watching the market', () => {
  test('what happened in an hour and in its day is counted once, also where the sweep comes late or did not run', async () => {
    api.clock.advance(3 * 60 * MINUTE);
    const done = await newMarket(api);
    const first = time(api.clock.now());
    await newJob(done, 'completed');
    await newJob(done, 'funded');
    await recordFigures();
    api.clock.advance(5 * 60 * MINUTE);
    const second = time(api.clock.now());
    await newJob(done, 'completed');
    for (let again = 0; again < 3; again += 1) {
      await recordFigures();
      api.clock.advance(2 * MINUTE);
    }
    const hours: Figures[] = (await see('/stats?by=hour')).body.items;
    const at = (start: string) => hours.find(({ starts_at }) => starts_at === start);
    expect(at(first)).toMatchObject({
      agents_registered: 2,
      deposits: '2000.00',
      funded: '40.00',
      paid: '19.50',
      fees: '0.50',
      jobs: { proposed: 2, funded: 2, completed: 1 },
      verdicts: {},
    });
    expect(at(second)).toMatchObject({ funded: '20.00', deposits: '0.00', jobs: { completed: 1 } });
    expect(at(second)?.levels?.open_jobs.funded).toBeGreaterThan(0);
    const gaps = hours.filter(({ starts_at }) => starts_at > first && starts_at < second);
    expect(gaps.map(({ funded, levels }) => [funded, levels])).toEqual(Array(4).fill(['0.00', null]));
    const days: Figures[] = (await see('/stats?by=day')).body.items;
    const sum = (series: Figures[]) => series.reduce((total, { funded }) => total + Number(funded), 0);
    expect(sum(days)).toBe(sum(hours));
    expect(days.at(-1)?.jobs.funded).toBe(hours.reduce((total, { jobs }) => total + (jobs.funded ?? 0), 0));
    expect(days.at(-1)?.levels).toEqual(hours.at(-1)?.levels);
  });

  test('a year of days is read as a day of hours is: from one row a point', async () => {
    const rows = await sql<{ plan: string }>`EXPLAIN SELECT * FROM market_figures WHERE period = 'day'
      AND starts_at >= '2025-01-01' AND starts_at < '2026-01-01' ORDER BY starts_at LIMIT 400`.execute(
      api.db,
    );
    expect(JSON.stringify(rows.rows)).toMatch(/market_figures_pkey/);
    const refused = await see('/stats?by=hour&since=2025-01-01T00:00:00Z');
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'since']);
  });

  test('what jobs hold is listed, the longest held first, and no job that was paid out', async () => {
    const held = [await newJob(market, 'funded', { terms: { seller_abort_penalty: '1.00' } })];
    api.clock.advance(1);
    held.push(await newJob(market, 'delivered'));
    await newJob(market, 'completed');
    const own = itemsOf(await readPages(see, '/escrows?limit=2')).filter(
      ({ client_agent_id }) => client_agent_id === market.client.id,
    );
    expect(own).toMatchObject([
      { job_id: held[0], amount: '20.00', bond: '1.00', job_status: 'funded', status: 'funded' },
      { job_id: held[1], bond: '0.00', job_status: 'delivered' },
    ]);
  });

  test('the ledger’s audit adds up, and names what does not', async () => {
    await newJob(market, 'completed');
    expect((await see('/ledger')).body).toMatchObject({
      balanced: true,
      faults: [],
      fees: expect.not.stringMatching(/^0\.00$/),
    });
    const shift = (cents: bigint) =>
      api.db
        .updateTable('accounts')
        .set(({ eb }) => ({ balance: eb('balance', '+', cents) }))
        .where('kind', '=', 'agent')
        .where('owner_id', '=', market.client.id)
        .execute();
    await shift(1n);
    const { body } = await see('/ledger');
    expect(body.balanced).toBe(false);
    expect(body.faults).toMatchObject([
      { rule: 'balance is the sum of postings', detail: expect.stringContaining('agent') },
    ]);
    await shift(-1n);
  });
});
