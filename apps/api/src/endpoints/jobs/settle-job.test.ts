import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { call } from '../../../test/call.ts';
import { balancesOf, CRITERIA, newJob, useMarket } from '../../../test/market.ts';
import { testRefusals } from '../../../test/refuses.ts';
import { OPERATOR_KEY, useApi } from '../../../test/start-api.ts';

const api = useApi();
const market = useMarket(api);

type Party = 'client' | 'seller';
const post = (by: Party, jobId: string, action: string, body: Record<string, unknown>) =>
  market[by].call('POST', `/v1/jobs/${jobId}/${action}`, { body });
const get = (by: Party, jobId: string, what = '') => market[by].call('GET', `/v1/jobs/${jobId}${what}`);
const disputed = async (): Promise<string> => {
  const jobId = await newJob(market, 'failed');
  await post('seller', jobId, 'dispute', { reason: 'It is as agreed.' });
  return jobId;
};
const eventsOf = async (by: Party) =>
  (await market[by].call('GET', `/v1/agents/${market[by].id}/events?limit=100`)).body.items;

describe('settling without an operator', () => {
  test('one party offers shares, the other accepts that offer by its hash, and both are paid and told', async () => {
    const jobId = await newJob(market, 'in_progress', { terms: { seller_abort_penalty: '2.00' } });
    const shares = { client_share: '8.00', seller_share: '14.00' };
    const offered = await post('client', jobId, 'settle', { ...shares, note: 'Half of it?' });
    const step = offered.body.negotiation_log.at(-1);
    expect([offered.body.status, step]).toEqual([
      'in_progress',
      expect.objectContaining({ kind: 'settlement_offer', ...shares, message: 'Half of it?', deliveries: 0 }),
    ]);
    const settled = await post('seller', jobId, 'settle/accept', { offer_hash: step.hash });
    expect([settled.status, settled.body.status]).toEqual([200, 'resolved']);
    expect(await balancesOf(market)).toEqual(['988.00', '1011.70']);
    const told = await eventsOf('seller');
    expect(told.slice(-2)).toMatchObject([
      { event: 'job.settlement_offered', data: { by: market.client.id, ...shares, offer_hash: step.hash } },
      { event: 'job.resolved', data: { ...shares, by: 'agreement' } },
    ]);
  });

  test('a seller’s share shows the client what was delivered, and none does not', async () => {
    for (const [seller_share, client_share, result] of [
      ['0.01', '19.99', { ok: true }],
      ['0.00', '20.00', null],
    ] as const) {
      const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
      const { body } = await post('seller', jobId, 'settle', { client_share, seller_share });
      await post('client', jobId, 'settle/accept', { offer_hash: body.negotiation_log.at(-1).hash });
      expect((await get('client', jobId)).body).toMatchObject({ status: 'resolved', result });
    }
  });

  test('a client that asks for the verdict of a delivery that was settled meanwhile is told that there is none', async () => {
    const jobId = await newJob(market, 'delivered', { terms: { acceptance_criteria: CRITERIA } });
    const { body } = await post('seller', jobId, 'settle', { client_share: '20.00', seller_share: '0.00' });
    await post('client', jobId, 'settle/accept', { offer_hash: body.negotiation_log.at(-1).hash });
    const asked = await post('client', jobId, 'verify', {});
    expect([asked.status, asked.body]).toMatchObject([
      200,
      {
        job: { status: 'resolved' },
        verification: {
          passed: false,
          verdict: 'error',
          results: [],
          summary: 'The job went on without a verdict.',
        },
        retry_allowed: false,
      },
    ]);
  });

  test.each([
    ['client_share', { client_share: '8.00', seller_share: '12.01' }],
    ['client_share', { client_share: '-8.00', seller_share: '28.00' }],
    ['seller_share', { client_share: '20.00' }],
    ['note', { client_share: '20.00', seller_share: '0', note: 'x'.repeat(2_049) }],
  ])('an offer with a wrong %s is 422', async (path, body) => {
    const jobId = await newJob(market, 'funded');
    const reply = await post('client', jobId, 'settle', body);
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, path]);
    expect((await get('client', jobId)).body.negotiation_log).toHaveLength(2);
  });
});

describe('evidence', () => {
  test('both parties and operators see what each shows; its hash is chained into the log', async () => {
    const jobId = await disputed();
    const text = 'You wrote: “PDF will do” – and “\u202E”.';
    const added = await post('seller', jobId, 'evidence', { name: 'Mail', text });
    const sha256 = createHash('sha256').update(text).digest('hex');
    const outline = {
      name: 'Mail',
      media_type: 'text/plain; charset=utf-8',
      sha256,
      bytes: Buffer.byteLength(text),
    };
    expect([added.status, added.body]).toEqual([
      200,
      expect.objectContaining({ ...outline, by: market.seller.id }),
    ]);
    const bytes = Buffer.from([0, 255, 10, 0]);
    const file = { name: 'proof.bin', content: bytes.toString('base64'), media_type: 'image/png' };
    const { body: shown } = await post('client', jobId, 'evidence', file);
    for (const by of ['client', 'seller'] as const) {
      const { items } = (await get(by, jobId, '/evidence')).body;
      expect(items).toEqual([added.body, shown]);
      const one = await get(by, jobId, `/evidence/${shown.evidence_id}`);
      expect(one.body).toEqual({ ...shown, content: file.content });
    }
    const steps = (await get('client', jobId)).body.negotiation_log.slice(-2);
    expect(steps).toMatchObject([
      { kind: 'evidence', by: market.seller.id, evidence: outline },
      { kind: 'evidence', by: market.client.id, evidence: { evidence_id: shown.evidence_id } },
    ]);
    expect((await eventsOf('seller')).at(-1)).toMatchObject({
      event: 'job.evidence_added',
      data: { evidence_id: shown.evidence_id, by: market.client.id },
    });
  });

  test('256 KiB are taken and a byte more is not, whether of a text or of a file', async () => {
    const jobId = await disputed();
    const full = Buffer.alloc(262_144, 1);
    const name = 'large';
    expect((await post('client', jobId, 'evidence', { name, content: full.toString('base64') })).status).toBe(
      200,
    );
    const over = Buffer.alloc(262_145, 1).toString('base64');
    for (const [path, body] of [
      ['content', { name, content: over }],
      ['text', { name, text: '€'.repeat(87_382) }],
    ] as const) {
      const reply = await post('client', jobId, 'evidence', body);
      expect([reply.status, reply.body.errors[0].path]).toEqual([422, path]);
    }
  });

  testRefusals(
    'evidence',
    async (body: Record<string, unknown>) => post('client', await disputed(), 'evidence', body),
    [
      ['content', { name: 'n' }],
      ['content', { name: 'n', text: 'x', content: 'eA==' }],
      ['content', { name: 'n', content: 'not base64' }],
      ['content', { name: 'n', content: '' }],
      ['name', { name: '\u202E', text: 'x' }],
      ['text', { name: 'n', text: 'x\u0000' }],
      ['text', { name: 'n', text: '\ud800' }],
      ['media_type', { name: 'n', text: 'x', media_type: 'text/html\r\nX: y' }],
    ],
  );

  test('evidence is for disputes, and for their parties', async () => {
    const jobId = await newJob(market, 'failed');
    const early = await post('client', jobId, 'evidence', { name: 'n', text: 'x' });
    expect([early.status, early.body.code]).toEqual([409, 'invalid_state']);
    const other = await disputed();
    const { body } = await post('client', other, 'evidence', { name: 'n', text: 'x' });
    expect((await get('client', jobId, `/evidence/${body.evidence_id}`)).status).toBe(404);
    const headers = { 'X-Operator-Key': OPERATOR_KEY };
    expect((await call(api, 'GET', `/v1/jobs/${other}/evidence`, { headers })).status).toBe(401);
  });
});
