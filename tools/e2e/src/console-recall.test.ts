// An operator recalls a faulty test-runner in the console, and sees the case of a verdict that turned to its end.
import { createOperatorClient, register } from '@agent-registry/client';
import { waitUntil } from '@agent-registry/servers';
import { expect, test } from '@jest/globals';
import { confirm, describeInBrowser, enterOperator, PATIENCE_MS, useVisits } from './testing/browser.ts';
import { driveJob } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

const FAULTY = 'fa'.repeat(32);
const CRITERIA = { tests: [{ test_id: 'ok', type: 'assertion', params: { expression: 'output == "ok"' } }] };
const NOTE = 'Why, for the audit trail';

describeInBrowser('a recall in the console', () => {
  const stack = useE2eStack();
  const visit = useVisits(stack);

  /** A job whose verdict is of a runner that takes every answer. */
  async function haveWrongVerdict(operator: ReturnType<typeof createOperatorClient>): Promise<string> {
    const [client, seller] = await Promise.all(
      ['Client', 'Seller'].map(async (display_name) => {
        const { agent, client } = await register({ baseUrl: stack.apiUrl }, { display_name });
        return { agentId: agent.agent_id, client };
      }),
    );
    const parties = { client: client!, seller: seller! };
    const { agentId } = parties.client;
    await operator.operatorDeposit({ agent_id: agentId, amount: '10.00', reference: agentId });
    const jobId = await driveJob(parties, 'delivered', { acceptance_criteria: CRITERIA, result: 'ok' });
    await parties.client.client.waitForJob(jobId, ['completed']);
    const sql = await stack.connect();
    await sql.query('UPDATE verification_runs SET runner_digest = $1 WHERE job_id = $2', [FAULTY, jobId]);
    await sql.query(`UPDATE jobs SET result = '"nothing of it"' WHERE job_id = $1`, [jobId]);
    return jobId;
  }

  test(
    'an operator is shown whom a recall concerns before it is made, has the verdict judged anew, and closes its case',
    async () => {
      const operator = createOperatorClient({ baseUrl: stack.apiUrl, operatorKey: stack.operatorKey });
      const jobId = await haveWrongVerdict(operator);
      const { page } = await visit('/console/operator');
      await enterOperator(page, stack.operatorKey);
      const recalls = page.getByRole('link', { name: 'Recalls' });
      await recalls.click();
      await page.getByText('No runner was ever found faulty.').waitFor();
      await page.getByText('Recall a runner').click();
      await page.getByLabel('What is wrong with it').fill('It took every answer.');
      await page.getByLabel(NOTE).fill('Incident 12');
      await page.getByLabel('Digest of the runner').fill('0'.repeat(64));
      await page.getByRole('button', { name: 'Look whom it concerns' }).click();
      await page.getByText('No verdict is by this runner').waitFor();
      await page.getByLabel('Digest of the runner').fill(FAULTY);
      await page.getByRole('button', { name: 'Look whom it concerns' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('1 verdict', { exact: true }).waitFor();
      await dialog.getByText(jobId.slice(-8)).waitFor();
      await dialog.getByRole('button', { name: 'Not now' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect((await operator.operatorListRecalls()).total).toBe(0);

      await page.getByRole('button', { name: 'Look whom it concerns' }).click();
      await confirm(page, 'Recall it');
      const row = page.getByRole('row').filter({ hasText: 'It took every answer.' });
      await row.getByRole('link').click();
      await page.getByText('Have the one judged anew that nobody asked for').click();
      await page.getByLabel(NOTE).fill('Incident 12');
      await page.getByRole('button', { name: 'Judge anew' }).click();
      await page.getByText('1 wait for the runner; 0 cannot be judged anew.').waitFor();
      const [recall] = (await operator.operatorListRecalls()).items;
      const statusOf = async (): Promise<unknown> =>
        (await operator.operatorListRecalledVerdicts({ recall_id: recall!.recall_id })).items[0]?.status;
      expect(
        await waitUntil(async () => (await statusOf()) === 'turned', { timeoutMs: PATIENCE_MS / 4 }),
      ).toBe(true);

      await recalls.click();
      await row.getByRole('link').click();
      await page.getByText('An open case: close it').click();
      await page.getByLabel(NOTE).fill('Nobody lost anything.');
      await page.getByRole('button', { name: 'Close' }).click();
      await page.locator('.s-closed').waitFor();
      await page.getByLabel('Show').selectOption('open cases');
      await page.getByText('No verdict is in that state.').waitFor();
      expect(await statusOf()).toBe('closed');
    },
    PATIENCE_MS,
  );

  test(
    'a link to a recall shows it, however many came after it',
    async () => {
      const recallId = '0197a000-0000-7000-8000-000000000001';
      const sql = await stack.connect();
      await sql.query(
        `INSERT INTO recalls (recall_id, runner_digest, reason, verdicts, created_at)
         SELECT CASE WHEN n = 0 THEN $1 ELSE gen_random_uuid() END, lpad(n::text, 64, '0'), 'The reason of recall ' || n, 1,
           timestamptz '2026-01-01' + n * interval '1 hour' FROM generate_series(0, 100) n`,
        [recallId],
      );
      const { page } = await visit(`/console/operator/recalls/${recallId}`);
      await enterOperator(page, stack.operatorKey);
      await page.getByText('The reason of recall 0').waitFor();
      await page.getByRole('link', { name: 'Recalls' }).click();
      await page.getByText('The reason of recall 100').waitFor();
      expect(await page.getByText('The reason of recall 0', { exact: true }).count()).toBe(0);
    },
    PATIENCE_MS,
  );
});
