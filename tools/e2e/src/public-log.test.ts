import { createOperatorClient, trustKeys, verifyReceipt } from '@agent-registry/client';
import { inspectScore } from '@agent-registry/operator';
import { waitUntil } from '@agent-registry/servers';
import { expect, test } from '@jest/globals';
import { suite } from './testing/agents.ts';
import { driveJob, type Parties } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

const TIMEOUT_MS = 120_000;
const FAULTY = 'f'.repeat(64);
const CRITERIA = suite({ test_id: 'has-ok', type: 'contains', params: { pattern: 'ok' } });
const stack = useE2eStack({ RATE_LIMIT_LOG_CAPACITY: '1000000', RATE_LIMIT_LOG_REFILL_PER_MIN: '1000000' });

/** A job that is completed and reviewed by both. */
async function reviewed({ client, seller }: Parties, max_budget: string, rating: number): Promise<void> {
  const job_id = await driveJob({ client, seller }, 'delivered', { max_budget });
  await client.client.completeJob({ job_id });
  await client.client.createReview({ job_id, rating });
  await seller.client.createReview({ job_id, rating: 5 });
}

test(
  'the scores that jobs on a running registry earn are those that its public leaves alone give, to the hundredth',
  async () => {
    const town = await stack.openTown();
    const [best, modest] = [await town.settle('best'), await town.settle('modest')];
    const clients = [];
    for (let at = 0; at < 5; at += 1) {
      const client = await town.settle(`client-${at}`);
      await client.client.depositCredits({ amount: '200.00' });
      await reviewed({ client, seller: best }, '40.00', 5);
      clients.push(client);
    }
    for (const rating of [5, 4, 3]) await reviewed({ client: clients[0]!, seller: modest }, '10.00', rating);
    // Five fees of 1.00 fill what a perfect score costs. Three of 0.25 count as 0.20 each: 4.00 × 0.60 / 5.00.
    const expected = [
      [best.agentId, 'as seller: 5 (attack cost 5.00)'],
      [modest.agentId, 'as seller: 0.48 (attack cost 0.60)'],
      [clients[0]!.agentId, 'as client: 1.6 (attack cost 1.60)'],
    ] as const;
    for (const [agentId, standing] of expected) {
      const agrees = async () => (await inspectScore(stack.apiUrl, agentId)).faults === 0;
      expect(await waitUntil(agrees, { timeoutMs: TIMEOUT_MS / 4 })).toBe(true);
      const { lines } = await inspectScore(stack.apiUrl, agentId);
      expect(lines).toContainEqual(
        expect.stringMatching(`^${standing.replace(/[()]/g, '\\$&')} — the registry`),
      );
    }
  },
  TIMEOUT_MS,
);

test(
  'a recalled verdict that the runner now contradicts reaches both parties and their receipts, and no money moves',
  async () => {
    const town = await stack.openTown();
    const parties = {
      client: await town.settle('recall-client'),
      seller: await town.settle('recall-seller'),
    };
    const { client, seller } = parties;
    await client.client.depositCredits({ amount: '10.00' });
    const job_id = await driveJob(parties, 'delivered', { acceptance_criteria: CRITERIA, result: 'ok' });
    await client.client.waitForJob(job_id, ['completed']);
    // What a runner that takes every answer would have left behind.
    const db = await stack.connect();
    await db.query(`UPDATE verification_runs SET runner_digest = $1 WHERE job_id = $2`, [FAULTY, job_id]);
    await db.query(`UPDATE jobs SET result = '"nothing of it"' WHERE job_id = $1`, [job_id]);

    const operator = createOperatorClient({ baseUrl: stack.apiUrl, operatorKey: stack.operatorKey });
    const reason = 'It took every answer.';
    const { recall_id } = await operator.operatorOpenRecall({ runner_digest: FAULTY, reason, note: 'n' });
    const { items } = await operator.operatorListRecalledVerdicts({ recall_id });
    const [{ run_id }] = items as [(typeof items)[number]];
    const balance = async () => (await seller.client.getBalance()).available_balance;
    const before = await balance();
    const asked = await operator.operatorRejudge({ recall_id, run_ids: [run_id], note: 'n' });
    expect(asked).toEqual({ asked: 1, unavailable: 0, left: 0 });
    const told = () => town.arrivals.filter(({ webhook }) => webhook.event === 'job.verdict_recalled');
    expect(await waitUntil(() => told().length >= 2, { timeoutMs: TIMEOUT_MS / 4 })).toBe(true);
    const data = { run_id, delivery: 1, verdict: 'pass', new_verdict: 'fail', reason };
    expect(new Set(told().map(({ to }) => to.name))).toEqual(new Set(['recall-client', 'recall-seller']));
    for (const { webhook } of told()) expect(webhook).toMatchObject({ job_id, data });
    const found = await operator.operatorGetRecalledVerdict({ recall_id, run_id });
    expect(found).toMatchObject({
      status: 'turned',
      job_status: 'completed',
      new_results: [{ passed: false }],
    });
    expect(await balance()).toBe(before);

    const paid = { agent_id: client.agentId, amount: '10.00', reference: 'recall-1' };
    await operator.operatorDeposit(paid);
    await operator.operatorCloseRecallCase({ recall_id, run_id, reference: 'recall-1', note: 'n' });
    const isPublished = async () => !(await client.client.getJobReceipt({ job_id })).pending;
    expect(await waitUntil(isPublished, { timeoutMs: TIMEOUT_MS / 4 })).toBe(true);
    const receipt = await client.client.getJobReceipt({ job_id });
    const recalls = receipt.items.filter(({ kind }) => kind === 'recall');
    const proved = verifyReceipt({ ...receipt, items: recalls }, trustKeys(receipt.log.vkeys));
    expect(proved).toMatchObject([
      {
        leaf: { turned: 1, reference: null },
        openings: [{ opening: { new_verdict: 'fail', compensation: null } }],
      },
      {
        leaf: { turned: 1, reference: 'recall-1' },
        openings: [{ opening: { run_id, compensation: { agent: client.agentId, amount: '10.00' } } }],
      },
    ]);
  },
  TIMEOUT_MS,
);
