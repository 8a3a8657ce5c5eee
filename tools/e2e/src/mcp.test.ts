import type { Job } from '@agent-registry/client';
import { type Registered, register } from '@agent-registry/client';
import { afterAll, expect, test } from '@jest/globals';
import { type McpProcess, startMcp } from './testing/mcp-process.ts';
import { useE2eStack } from './testing/use-stack.ts';

const stack = useE2eStack();
const timeoutMs = 240_000;
const started: McpProcess[] = [];
afterAll(() => Promise.all(started.map(({ end }) => end())));

const criteria = {
  tests: [{ test_id: 'short', type: 'assertion', params: { expression: 'size(output.summary) < 20' } }],
};
const READING = ['find_agents', 'show_agent', 'my_account', 'show_job', 'wait_for_events', 'check_criteria'];
const ACTING = [
  'sell_skill',
  'propose_job',
  'answer_offer',
  'fund_job',
  'deliver',
  'end_job',
  'settle_job',
  'add_evidence',
];

const settle = (name: string) =>
  register({ baseUrl: stack.apiUrl }, { display_name: name, hosting_mode: 'client_only' });

async function serve({ agent, keys }: Registered, ...args: string[]): Promise<McpProcess> {
  const env = {
    PATH: process.env.PATH,
    AGENT_REGISTRY_URL: stack.apiUrl,
    AGENT_REGISTRY_AGENT_ID: agent.agent_id,
    AGENT_REGISTRY_PRIVATE_KEY: keys.privateKey,
  };
  const server = await startMcp(env, args);
  started.push(server);
  return server;
}

test(
  'without --allow-spend no tool that acts or spends exists, and all fourteen exist with it',
  async () => {
    const agent = await settle('Reader');
    const reading = await serve(agent);
    const tools = await reading.list();
    expect(tools.map(({ name }) => name)).toEqual(READING);
    expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
    for (const name of ACTING) await expect(reading.call(name)).rejects.toThrow(`Tool ${name} not found`);
    const acting = await serve(agent, '--allow-spend', '0');
    expect((await acting.list()).map(({ name }) => name)).toEqual([...READING, ...ACTING]);
    await expect(reading.end()).resolves.toBe(0);
  },
  timeoutMs,
);

const told = ({ isError, content }: { isError?: boolean; content: readonly { text: string }[] }): string =>
  isError === true ? (content[0]?.text ?? '') : 'done';

/** Waits, by the tool for it, until an event of this name has come. */
async function hear(server: McpProcess, event: string): Promise<void> {
  for (let after: string | undefined; ; ) {
    const page = await server.use<{ items: { event: string }[]; next: string }>('wait_for_events', {
      ...(after === undefined ? {} : { after }),
    });
    if (page.items.some((item) => item.event === event)) return;
    after = page.next;
  }
}

test(
  'a client and a seller do a whole job with criteria through tools alone',
  async () => {
    const client = await settle('Client');
    await client.client.depositCredits({ amount: '20.00' });
    const buyer = await serve(client, '--allow-spend', '15');
    const seller = await serve(await settle('Seller'), '--allow-spend', '0');
    await seller.use('sell_skill', { skill_id: 'mcp-summary', base_price: '12.50' });

    const checked = await buyer.use<{ acceptance_criteria_hash: string }>('check_criteria', {
      acceptance_criteria: criteria,
      samples: [{ name: 'good', result: { summary: 'Short.' }, expect: 'pass' }],
    });
    const { items } = await buyer.use<{ items: { seller_agent_id: string; base_price: string }[] }>(
      'find_agents',
      {
        skill_id: 'mcp-summary',
      },
    );
    const seller_agent_id = items[0]!.seller_agent_id;
    const shown = await buyer.use<{ agent: { display_name: string } }>('show_agent', {
      agent_id: seller_agent_id,
    });
    expect(shown.agent.display_name).toBe('Seller');
    const { job_id } = await buyer.use<Job>('propose_job', {
      seller_agent_id,
      max_budget: items[0]!.base_price,
      requirements: 'Summarise.',
      acceptance_criteria: criteria,
    });

    await hear(seller, 'job.proposed');
    const { job } = await seller.use<{ job: Job }>('show_job', { job_id });
    expect(job.acceptance_criteria_hash).toBe(checked.acceptance_criteria_hash);
    await seller.use('answer_offer', {
      job_id,
      answer: 'accept',
      acceptance_criteria_hash: job.acceptance_criteria_hash,
    });
    await buyer.use('fund_job', { job_id });
    await seller.use('deliver', { job_id, result: { summary: 'Short.' } });
    await hear(buyer, 'job.completed');
    const ended = await buyer.use<{ job: Job; runs: { items: { passed: boolean }[] } }>('show_job', {
      job_id,
    });
    expect(ended).toMatchObject({
      job: { status: 'completed', result: { summary: 'Short.' } },
      runs: { items: [{ passed: true }] },
    });
    await buyer.use('end_job', { job_id, how: 'review', rating: 5 });
    const account = await buyer.use<{ balance: { balance: string }; jobs: { items: Job[] } }>('my_account');
    expect(account.balance.balance).toBe('7.50');
    expect(account.jobs.items.map((one) => one.job_id)).toEqual([job_id]);
  },
  timeoutMs,
);

test(
  'a dispute is shown evidence and settled through tools alone, within the limit of each',
  async () => {
    const client = await settle('Disputing client');
    const other = await settle('Disputing seller');
    await client.client.depositCredits({ amount: '20.00' });
    const buyer = await serve(client, '--allow-spend', '10');
    const seller = await serve(other, '--allow-spend', '0');
    const { job_id } = await buyer.use<Job>('propose_job', {
      seller_agent_id: other.agent.agent_id,
      max_budget: '10.00',
    });
    await seller.use('answer_offer', { job_id, answer: 'accept' });
    await buyer.use('fund_job', { job_id });
    await seller.use('deliver', { job_id, result: 'A page.' });
    await buyer.use('end_job', { job_id, how: 'refuse', reason: 'Two pages were agreed.' });
    await seller.use('end_job', { job_id, how: 'dispute', reason: 'One page was agreed.' });
    const { evidence_id } = await seller.use<{ evidence_id: string }>('add_evidence', {
      job_id,
      name: 'mail',
      text: 'One page will do.',
    });
    const seen = await buyer.use<{ evidence: { items: object[] }; shown: { content: string } }>('show_job', {
      job_id,
      evidence_id,
    });
    expect(seen.evidence.items).toMatchObject([{ evidence_id, name: 'mail' }]);
    expect(Buffer.from(seen.shown.content, 'base64').toString()).toBe('One page will do.');

    const half = { job_id, answer: 'offer', client_share: '4.00', seller_share: '6.00' };
    const { negotiation_log } = await seller.use<Job>('settle_job', half);
    const offer_hash = negotiation_log.at(-1)!.hash;
    const careful = await serve(client, '--allow-spend', '5.99');
    expect(told(await careful.call('settle_job', { job_id, answer: 'accept', offer_hash }))).toMatch(
      /What I give up of my price is 6\.00, above the limit of 5\.99.*\(spend_limit\)/,
    );
    expect(await buyer.use('settle_job', { job_id, answer: 'accept', offer_hash })).toMatchObject({
      status: 'resolved',
    });
    expect((await client.client.getBalance()).balance).toBe('14.00');
  },
  timeoutMs,
);
