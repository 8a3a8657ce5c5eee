import { createAgentClient } from '@agent-registry/client';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { centsIn } from './cents-in.ts';
import { spendLimit } from './spend-limit.ts';
import { spendingTools } from './spending-tools.ts';

const ME = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const OTHER = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c';
const JOB = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5d';
const signal = new AbortController().signal;

/** Tools limited to 10.00 before a registry that answers every request with this job; `sent` has what would change it. */
function toolsFor(job: object | null) {
  const sent: { path: string; body: unknown }[] = [];
  const answer = {
    job_id: JOB,
    status: 'negotiating',
    current_round: 3,
    client_agent_id: ME,
    seller_agent_id: OTHER,
    agreed_price: '9.00',
    client_abort_penalty: '1.00',
    seller_abort_penalty: '2.00',
    negotiation_log: [],
    ...job,
  };
  const client = createAgentClient({
    baseUrl: 'http://127.0.0.1:1',
    agentId: ME,
    privateKey: '11'.repeat(32),
    fetch: async (url, init) => {
      if (init?.method !== 'GET')
        sent.push({
          path: new URL(url as string).pathname,
          body: JSON.parse((init?.body as string) ?? 'null'),
        });
      return new Response(JSON.stringify(Array.isArray(job) ? job : job && answer));
    },
  });
  return { sent, tools: spendingTools(client, ME, spendLimit(1000n)) };
}

test('an acceptance names the round that was looked at, so that no dearer offer is accepted that came meanwhile', async () => {
  const { sent, tools } = toolsFor({});
  await tools.answer_offer!({ job_id: JOB, answer: 'accept', current_round: 4 }, signal);
  expect(sent).toEqual([{ path: `/v1/jobs/${JOB}/accept`, body: { current_round: 3 } }]);
});

test('a counter-offer names every amount, so that none stays that came with an offer meanwhile', async () => {
  const { sent, tools } = toolsFor({ client_agent_id: OTHER, seller_agent_id: ME });
  await tools.answer_offer!({ job_id: JOB, answer: 'counter', proposed_price: 500 }, signal);
  expect(sent).toEqual([
    {
      path: `/v1/jobs/${JOB}/counter`,
      body: { proposed_price: 500, client_abort_penalty: '1.00', seller_abort_penalty: '2.00' },
    },
  ]);
});

const settlement = (answer: string, client_share: string, seller_share: string) => ({
  job_id: JOB,
  answer,
  client_share,
  seller_share,
});
const AS_SELLER = { client_agent_id: OTHER, seller_agent_id: ME };
const OFFER = {
  kind: 'settlement_offer',
  hash: 'a'.repeat(64),
  by: OTHER,
  client_share: '8.00',
  seller_share: '3.00',
};
/** The newest offer costs the client 1.00; the one that is named 10.01. */
const OFFERED_TOO_LITTLE = {
  agreed_price: '12.00',
  negotiation_log: [
    { ...OFFER, client_share: '1.99', seller_share: '12.01' },
    { ...OFFER, hash: 'c'.repeat(64), client_share: '11.00', seller_share: '3.00' },
  ],
};

test('an offer to settle is sent as it was asked for where it costs no more than the limit', async () => {
  const { sent, tools } = toolsFor({ status: 'in_progress', agreed_price: '12.00' });
  await tools.settle_job!({ ...settlement('offer', '2.00', '12.00'), note: 'Half.' }, signal);
  expect(sent).toEqual([
    {
      path: `/v1/jobs/${JOB}/settle`,
      body: { client_share: '2.00', seller_share: '12.00', note: 'Half.' },
    },
  ]);
});

test('the offer to settle that was looked at is accepted by its hash, and costs a seller no more than the limit of its bond', async () => {
  const { sent, tools } = toolsFor({ ...AS_SELLER, status: 'disputed', negotiation_log: [OFFER] });
  await tools.settle_job!({ job_id: JOB, answer: 'accept', offer_hash: OFFER.hash }, signal);
  expect(sent).toEqual([{ path: `/v1/jobs/${JOB}/settle/accept`, body: { offer_hash: OFFER.hash } }]);
});

test.each([
  ['fund_job', { job_id: JOB }, { status: 'negotiating' }],
  ['fund_job', { job_id: JOB }, { status: 'agreed', agreed_price: '10.01' }],
  ['propose_job', { seller_agent_id: OTHER, max_budget: '9', client_abort_penalty: '10.01' }, {}],
  ['propose_job', { seller_agent_id: OTHER, max_budget: '10.01' }, {}],
  ['propose_job', { seller_agent_id: OTHER, max_budget: 10.01 }, {}],
  ['propose_job', { seller_agent_id: OTHER, max_budget: '1e1' }, {}],
  ['propose_job', { seller_agent_id: OTHER, max_budget: 0.1 + 0.2 }, {}],
  ['answer_offer', { job_id: JOB, answer: 'accept' }, { agreed_price: '10.01' }],
  ['answer_offer', { job_id: JOB, answer: 'accept' }, { ...AS_SELLER, seller_abort_penalty: '10.01' }],
  [
    'answer_offer',
    { job_id: JOB, answer: 'counter', proposed_price: '12.00' },
    { ...AS_SELLER, seller_abort_penalty: '10.01' },
  ],
  ['end_job', { job_id: JOB, how: 'abort' }, { agreed_price: '11.00', client_abort_penalty: '11.00' }],
  ['answer_offer', { job_id: JOB, answer: 'accept' }, { agreed_price: 'soon' }],
  ['answer_offer', { job_id: JOB, answer: 'accept' }, { client_abort_penalty: '10.01' }],
  ['answer_offer', { job_id: JOB, answer: 'counter', proposed_price: 10.01 }, {}],
  ['end_job', { job_id: JOB, how: 'complete' }, { agreed_price: '10.01' }],
  ['settle_job', settlement('offer', '1.99', '12.01'), { agreed_price: '12.00' }],
  ['settle_job', settlement('offer', '20.00', '3.99'), { ...AS_SELLER, seller_abort_penalty: '14.00' }],
  ['settle_job', settlement('offer', 'all', '0'), {}],
  ['settle_job', settlement('offer', '1e1', '0'), {}],
  ['settle_job', { job_id: JOB, answer: 'accept', offer_hash: OFFER.hash }, OFFERED_TOO_LITTLE],
  ['settle_job', { job_id: JOB, answer: 'accept', offer_hash: 'b'.repeat(64) }, { negotiation_log: [OFFER] }],
  ['settle_job', { job_id: JOB, answer: 'accept' }, { negotiation_log: [OFFER] }],
] as const)('%s with %j sends nothing where the job is %j', async (name, input, job) => {
  const { sent, tools } = toolsFor(job);
  const call = async () => tools[name]!(input, signal);
  await expect(call()).rejects.toThrow(/spend_limit|invalid_state|validation_failed|not_found/);
  expect(sent).toEqual([]);
});

test.each([
  ['null', null],
  ['a list', []],
  ['an object without members', { job_id: undefined, status: undefined, negotiation_log: undefined }],
  ['another job', { job_id: OTHER }],
])('where %s is answered in place of the job, no tool sends anything', async (_, answer) => {
  const { sent, tools } = toolsFor(answer);
  for (const [name, input] of [
    ['answer_offer', { answer: 'accept' }],
    ['fund_job', {}],
    ['deliver', { result: 1 }],
    ['end_job', { how: 'complete' }],
    ['settle_job', { answer: 'accept', offer_hash: OFFER.hash }],
  ] as const)
    await expect(tools[name]!({ job_id: JOB, ...input }, signal)).rejects.toThrow(/\(unreadable\)/);
  expect(sent).toEqual([]);
});

test('an amount is read as cents exactly as the registry writes it, and anything else is none', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 100_000_000_000n }), (cents) => {
      const written = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
      expect(centsIn(written)).toBe(cents);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      if (/^\d+(\.\d\d?)?$/.test(text)) return;
      expect(centsIn(text)).toBeNull();
    }),
  );
  for (const other of [null, undefined, {}, [], true, Number.NaN, 1e21, -1, 0.001])
    expect(centsIn(other)).toBeNull();
});
