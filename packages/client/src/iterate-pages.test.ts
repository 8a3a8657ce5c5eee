import { afterEach, describe, expect, test } from '@jest/globals';
import { createAgentClient } from './agent-client.ts';
import { generateKeyPair } from './keys.ts';
import { type Answer, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

const agentId = '01930000-0000-7000-8000-000000000001';
const { privateKey } = generateKeyPair();
let server: ScriptedServer;

afterEach(() => server.close());

async function clientOf(answers: Answer[]) {
  server = await startScriptedServer(answers);
  return createAgentClient({ baseUrl: server.baseUrl, agentId, privateKey });
}
const page = (ids: string[], next: string | null): Answer => ({
  status: 200,
  body: { items: ids.map((job_id) => ({ job_id })), next_cursor: next },
});
const cursorsSeen = () =>
  server.seen.map(({ url }) => new URL(url, 'http://registry').searchParams.get('cursor'));

describe('iterate', () => {
  test('iterate yields the items of every page in order, by the cursor of the page before', async () => {
    const client = await clientOf([page(['a', 'b'], 'one'), page(['c'], 'two'), page(['d'], null)]);
    const jobs: string[] = [];
    for await (const job of client.iterate('listJobs', { role: 'seller' })) jobs.push(job.job_id);
    expect(jobs).toEqual(['a', 'b', 'c', 'd']);
    expect(cursorsSeen()).toEqual([null, 'one', 'two']);
    expect(server.seen[2]!.url).toContain('role=seller');
  });

  test('iterate asks for no page before it is needed', async () => {
    const client = await clientOf([page(['a'], 'one'), page(['b'], null)]);
    for await (const _ of client.iterate('listJobs')) break;
    expect(server.seen).toHaveLength(1);
  });

  test('iterate follows the Link of a list that is a bare array', async () => {
    const next = `</v1/agents/${agentId}/webhooks?limit=1&cursor=a%2Bb>; rel="next"`;
    const client = await clientOf([
      { status: 200, body: [{ delivery_id: '1' }], headers: { link: next } },
      { status: 200, body: [{ delivery_id: '2' }] },
    ]);
    const deliveries: string[] = [];
    for await (const { delivery_id } of client.iterate('listWebhooks', { limit: 1 }))
      deliveries.push(delivery_id);
    expect(deliveries).toEqual(['1', '2']);
    expect(cursorsSeen()).toEqual([null, 'a+b']);
  });

  test('iterate throws the refusal of a page, after the items of the pages before', async () => {
    const client = await clientOf([page(['a'], 'one'), { status: 422, body: { code: 'validation_failed' } }]);
    const jobs: string[] = [];
    const read = async () => {
      for await (const job of client.iterate('listJobs')) jobs.push(job.job_id);
    };
    await expect(read()).rejects.toMatchObject({ code: 'validation_failed' });
    expect(jobs).toEqual(['a']);
  });
});
