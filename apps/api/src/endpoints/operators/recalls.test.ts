import { listLeavesOfJob } from '@agent-registry/db';
import { describe, expect, test } from '@jest/globals';
import { operatorOf, outcomeOf } from '../../../test/call.ts';
import { newJob, recordVerdict, useMarket } from '../../../test/market.ts';
import { itemsOf, readPages } from '../../../test/pages.ts';
import { useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);
const CRITERIA = { tests: [{ test_id: 't', type: 'contains', params: { pattern: 'x' } }] };
const operate = operatorOf(api);

/** Jobs that one runner judged; their runs. */
async function judgedBy(digest: string, jobs: number) {
  const runIds: string[] = [];
  for (let job = 0; job < jobs; job += 1) {
    const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
    await recordVerdict(api, jobId, 'pass');
    const { run_id: runId } = await api.db
      .updateTable('verification_runs')
      .set({ runner_digest: digest })
      .where('job_id', '=', jobId)
      .returning('run_id')
      .executeTakeFirstOrThrow();
    runIds.push(runId);
  }
  return runIds;
}

const open = (runner_digest: string) =>
  operate('POST', '/recalls', { runner_digest, reason: 'It took every answer.', note: 'Incident 12' });

describe('a recall', () => {
  test('a recall is listed with what became of its verdicts, which are listed page by page', async () => {
    const digest = 'a'.repeat(64);
    const runIds = await judgedBy(digest, 3);
    const { status, body: recall } = await open(digest.toUpperCase());
    expect(status).toBe(200);
    expect(recall).toMatchObject({ runner_digest: digest, verdicts: 3 });
    const path = `/recalls/${recall.recall_id}`;
    const pages = await readPages((page) => operate('GET', page), `${path}/verdicts?limit=2`);
    expect(pages.map(({ body }) => body.total)).toEqual([3, 3]);
    expect(itemsOf(pages).map(({ run_id }) => run_id)).toEqual(runIds.toSorted());
    const asked = await operate('POST', `${path}/rejudge`, { run_ids: [runIds[0], runIds[0]], note: 'n' });
    expect(asked.body).toEqual({ asked: 1, unavailable: 0, left: 0 });
    const again = await operate('POST', `${path}/rejudge`, { run_ids: [runIds[0]], note: 'n' });
    expect(again.body).toEqual({ asked: 0, unavailable: 0, left: 1 });
    const waiting = await operate('GET', `${path}/verdicts?status=waiting`);
    expect(waiting.body.items).toMatchObject([
      {
        run_id: runIds[0],
        client_agent_id: market.client.id,
        job_status: 'completed',
        verdict: 'pass',
        has_deliverable: true,
        status: 'waiting',
        new_verdict: null,
      },
    ]);
    const one = await operate('GET', `${path}/verdicts/${runIds[1]}`);
    expect(one.body).toMatchObject({ run_id: runIds[1], status: null, new_results: [] });
    const { items } = (await operate('GET', '/recalls')).body;
    expect(items[0]).toMatchObject({ recall_id: recall.recall_id, rejudged: { waiting: 1, same: 0 } });
    expect((await operate('GET', path)).body).toEqual(items[0]);
    const close = { reference: null, note: 'n' };
    const closed = await operate('POST', `${path}/verdicts/${runIds[0]}/close`, close);
    expect(outcomeOf(closed)).toBe('409 invalid_state');
    expect((await operate('GET', `${path}/verdicts?cursor=abc`)).status).toBe(422);
  });

  test('whom a recall would concern is listed before it, page by page, and by a runner that gave no verdict nobody', async () => {
    const digest = '9'.repeat(64);
    const runIds = await judgedBy(digest, 2);
    const path = `/verdicts?runner_digest=${digest.toUpperCase()}`;
    const pages = await readPages((page) => operate('GET', page), `${path}&limit=1`);
    expect(pages[0]!.body).toMatchObject({
      total: 2,
      items: [{ client_agent_id: market.client.id, verdict: 'pass', status: null }],
    });
    expect(itemsOf(pages).map(({ run_id }) => run_id)).toEqual(runIds.toSorted());
    expect((await operate('GET', `/verdicts?runner_digest=${'8'.repeat(64)}`)).body.total).toBe(0);
    expect((await operate('GET', '/verdicts')).status).toBe(422);
    expect((await market.client.call('GET', `/v1/operator${path}`)).status).toBe(404);
  });

  test('a recall is refused for a runner that gave no verdict, a second time, and with a reason of more than one line', async () => {
    const digest = 'b'.repeat(64);
    expect((await open(digest)).status).toBe(404);
    await judgedBy(digest, 1);
    const refused = await operate('POST', '/recalls', { runner_digest: digest, reason: 'a\nb', note: 'n' });
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed']);
    expect((await open(digest)).status).toBe(200);
    const second = await open(digest);
    expect([second.status, second.body.code]).toEqual([409, 'invalid_state']);
  });

  test('a recall knows no verdict of another runner, and no recall that is not there', async () => {
    const [digest, other] = ['c'.repeat(64), 'd'.repeat(64)];
    await judgedBy(digest, 1);
    const [runId] = await judgedBy(other, 1);
    const { body: recall } = await open(digest);
    const missing = market.client.id;
    for (const [method, path, body] of [
      ['GET', `/recalls/${missing}`, undefined],
      ['GET', `/recalls/${missing}/verdicts`, undefined],
      ['GET', `/recalls/${recall.recall_id}/verdicts/${runId}`, undefined],
      ['POST', `/recalls/${missing}/rejudge`, { run_ids: [runId], note: 'n' }],
      ['POST', `/recalls/${recall.recall_id}/rejudge`, { run_ids: [runId], note: 'n' }],
      ['POST', `/recalls/${recall.recall_id}/verdicts/${runId}/close`, { reference: null, note: 'n' }],
    ] as const)
      expect([path, (await operate(method, path, body)).status]).toEqual([path, 404]);
  });

  test('a recall is nobody’s but operators’, and each call of theirs is in the audit trail', async () => {
    const digest = 'e'.repeat(64);
    const [runId] = await judgedBy(digest, 1);
    const body = { runner_digest: digest, reason: 'r', note: 'n' };
    for (const agent of [market.client, market.seller]) {
      expect((await agent.call('POST', '/v1/operator/recalls', { body })).status).toBe(404);
      expect((await agent.call('GET', '/v1/operator/recalls')).status).toBe(404);
    }
    const { body: recall } = await open(digest);
    const path = `/recalls/${recall.recall_id}`;
    await operate('POST', `${path}/rejudge`, { run_ids: [runId], note: 'why not' });
    await operate('GET', `${path}/verdicts`);
    const { items } = (await operate('GET', '/audit?limit=3')).body;
    expect(items).toMatchObject([
      { action: 'operatorListRecalledVerdicts', subject: recall.recall_id, details: { outcome: 'read' } },
      {
        action: 'operatorRejudge',
        subject: recall.recall_id,
        details: { outcome: 'done', note: 'why not', run_ids: [runId] },
      },
      { action: 'operatorOpenRecall', details: { outcome: 'done', runner_digest: digest } },
    ]);
  });

  test('a recall leaves no trace of a job in what everybody reads before a verdict turned', async () => {
    const digest = 'f'.repeat(64);
    const [runId] = await judgedBy(digest, 1);
    const { body: recall } = await open(digest);
    const { job_id: jobId } = (await operate('GET', `/recalls/${recall.recall_id}/verdicts/${runId}`)).body;
    const leaves = await listLeavesOfJob(api.db, jobId);
    expect(leaves.map(({ kind }) => kind)).not.toContain('recall');
  });
});
