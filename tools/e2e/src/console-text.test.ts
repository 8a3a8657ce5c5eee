// Whatever agents write, wherever the console shows it: it stands there as text, and nothing of it runs.
import { createServer } from 'node:http';
import { createOperatorClient, register } from '@agent-registry/client';
import { listen } from '@agent-registry/servers';
import { pemOf } from '@agent-registry/stack';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { script, suite } from './testing/agents.ts';
import { describeInBrowser, enter, enterOperator, PATIENCE_MS, useVisits } from './testing/browser.ts';
import { driveJob } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

/** What would run, or break out of its place, where text were taken for more. */
const HOSTILE = [
  '<img src=x onerror="window.hit=1">',
  '"><script>window.hit=1</script>',
  "javascript:window.hit=1//'",
  '{{constructor.constructor("window.hit=1")()}}',
  '</textarea></pre><svg onload=window.hit=1>',
  '\u202e&lt;b&gt;</b><iframe srcdoc="<script>parent.hit=1</script>">',
];
const ALL = HOSTILE.join(' ');
/** The part that is kept of an endpoint's answer as it was: direction marks are not. */
const ANSWERED = HOSTILE.slice(0, -1).join(' ');
const REFERENCE = ALL.slice(0, 60);
/** What a tag of a review may be: text of at most 64 characters, none of them invisible. */
const TAGS = HOSTILE.filter((text) => text.length <= 64 && !text.includes('\u202e'));
const [NAME, TAG, SCRIPT, , MARKUP] = HOSTILE as [string, string, string, string, string];

/** Where its card is wrong, as its owner is told. */
const FLAWS = ['iconUrl', 'documentationUrl', 'provider.url', TAG];
const CARD_PATH = '/card.json';
/** Every text and address of an A2A card, and members of no version of it. */
const CARD = {
  name: NAME,
  description: ALL,
  version: TAG,
  protocolVersion: SCRIPT,
  iconUrl: SCRIPT,
  documentationUrl: SCRIPT,
  provider: { organization: NAME, url: SCRIPT },
  supportedInterfaces: [{ url: SCRIPT, protocolBinding: TAG, protocolVersion: MARKUP }],
  capabilities: { streaming: MARKUP },
  skills: [{ id: MARKUP, name: NAME, description: ALL, tags: [TAG, SCRIPT], examples: [MARKUP] }],
  [TAG]: MARKUP,
};

/** For a machine that does other things too. */
const SHOWN_WITHIN_MS = 30_000;
/** As it stands in JSON that is shown. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

describeInBrowser('text that agents write', () => {
  const stack = useE2eStack();
  const visit = useVisits(stack);

  /** An endpoint of an agent whose answers are hostile too, as its A2A card is. */
  async function openEndpoint(): Promise<string> {
    const server = createServer((request, response) =>
      request.url === CARD_PATH
        ? response.setHeader('content-type', 'application/json').end(JSON.stringify(CARD))
        : response.writeHead(500).end(ALL),
    );
    const { url, close } = await listen(server);
    stack.defer(close);
    return url;
  }

  async function join(endpoint: string | null) {
    const words = { display_name: NAME, description: ALL };
    const card = { agent_card_url: endpoint === null ? null : new URL(CARD_PATH, endpoint).href };
    const profile = endpoint === null ? words : { ...words, ...card, endpoint_url: endpoint };
    const { agent, client, keys } = await register({ baseUrl: stack.apiUrl }, profile);
    return { agentId: agent.agent_id, client, name: NAME, pem: pemOf(keys.privateKey) };
  }

  /** Two agents who have written into all there is, a job that failed and is disputed, and one that is paid and reviewed. */
  async function write() {
    // An address takes no brackets, quotes or spaces: what it does take.
    const url = `${await openEndpoint()}/${SCRIPT}`;
    const [client, seller] = [await join(url), await join(null)];
    const operator = createOperatorClient({ baseUrl: stack.apiUrl, operatorKey: stack.operatorKey });
    await operator.operatorDeposit({
      agent_id: client.agentId,
      amount: '100.00',
      reference: REFERENCE,
    });
    await seller.client.createListing({
      skill_id: MARKUP,
      description: ALL,
      base_price: '1.00',
      sla: { ALL },
    });
    const criteria = suite({ ...script(`throw new Error(${JSON.stringify(ALL)})`), test_id: 'hostile' });
    const terms = { requirements: { [TAG]: ALL }, acceptance_criteria: criteria, result: { [TAG]: ALL } };
    const judged = await driveJob({ client, seller }, 'in_progress', terms);
    await seller.client.deliverJob({ job_id: judged, result: { [TAG]: ALL } });
    await seller.client.waitForJob(judged, ['in_progress', 'failed']);
    const offer = { seller_agent_id: seller.agentId, max_budget: '5.00', requirements: { [TAG]: ALL } };
    const { job_id: disputed } = await client.client.proposeJob(offer);
    const counter = { proposed_price: '6.00', message: ALL, counter_terms: { [TAG]: ALL } };
    await seller.client.counterJob({ job_id: disputed, ...counter });
    await client.client.acceptJob({ job_id: disputed });
    await client.client.fundJob({ job_id: disputed });
    await seller.client.startJob({ job_id: disputed });
    await seller.client.deliverJob({ job_id: disputed, result: { [TAG]: ALL } });
    await client.client.failJob({ job_id: disputed, reason: ALL });
    await seller.client.disputeJob({ job_id: disputed, reason: ALL });
    await seller.client.addEvidence({ job_id: disputed, name: NAME, text: ALL });
    await client.client.addEvidence({ job_id: disputed, name: TAG, text: ALL, media_type: 'text/html' });
    await client.client.offerSettlement({
      job_id: disputed,
      client_share: '3.00',
      seller_share: '3.00',
      note: ALL,
    });
    const paid = await driveJob({ client, seller }, 'delivered', { result: ALL });
    await client.client.completeJob({ job_id: paid });
    await client.client.createReview({ job_id: paid, rating: 1, comment: ALL, tags: TAGS });
    const cancelled = await driveJob({ client, seller }, 'proposed');
    await client.client.cancelJob({ job_id: cancelled, reason: ALL });
    const aborted = await driveJob({ client, seller }, 'in_progress');
    await seller.client.abortJob({ job_id: aborted, reason: ALL });
    return { client, seller, judged, disputed, left: [cancelled, aborted] };
  }

  /** Opens all there is to open, and waits until each of the texts is shown. */
  async function shows(page: Page, texts: readonly string[]): Promise<void> {
    // The console first asks the browser for a key that it keeps, so a page can be loaded and have nothing in it.
    await page.locator('main').waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    const missing = await page.evaluate(`new Promise((done) => {
      const missing = () => {
        for (const details of document.querySelectorAll('details')) details.open = true;
        const fields = [...document.querySelectorAll('input, textarea')].map(({ value }) => value);
        const shown = [document.querySelector('main').innerText, ...fields].join('\\n');
        return ${JSON.stringify(texts)}.filter((text) => !shown.includes(text));
      };
      const look = () => missing().length === 0 && done([]);
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      setTimeout(() => done(missing()), ${SHOWN_WITHIN_MS});
      look();
    })`);
    expect([page.url(), missing]).toEqual([page.url(), []]);
    expect([page.url(), await page.evaluate('window.hit')]).toEqual([page.url(), undefined]);
  }

  test(
    'what agents write is shown as text on every page that shows it, and runs nowhere',
    async () => {
      const { client, seller, judged, disputed, left } = await write();
      const { page } = await visit('/console');
      await page.getByLabel('What do you need?').fill(MARKUP);
      await page.getByRole('heading', { name: MARKUP }).waitFor();
      await shows(page, [NAME, ALL]);
      await page.getByRole('link', { name: NAME }).first().click();
      await page.getByRole('heading', { name: NAME }).waitFor();
      await shows(page, [NAME, MARKUP, ALL, ...TAGS]);
      await page.getByText(`1 of 5`).waitFor();

      for (const party of [seller, client]) {
        const { page } = await visit('/console');
        await enter(page, party);
        await page.goto(`${stack.apiUrl}/console/jobs/${judged}`);
        // The criteria tell the client which tests failed; what the script said, the seller alone.
        await shows(page, party === seller ? [inJson(ALL), ALL] : [inJson(ALL), 'hostile']);
        await page.goto(`${stack.apiUrl}/console/jobs/${disputed}`);
        await shows(page, [ALL, inJson(ALL), inJson(TAG), NAME]);
        for (const job of left) {
          await page.goto(`${stack.apiUrl}/console/jobs/${job}`);
          await shows(page, [ALL]);
        }
        await page.goto(`${stack.apiUrl}/console/me`);
        for (const tab of ['Money', 'Deliveries', 'Settings', 'Jobs']) {
          await page.getByRole('link', { name: tab, exact: true }).click();
          await shows(page, tab === 'Deliveries' && party === client ? [ANSWERED] : []);
          if (tab === 'Money' && party === client) await shows(page, [REFERENCE]);
          if (tab === 'Settings')
            await shows(page, party === client ? [NAME, ALL, inJson(MARKUP), ...FLAWS] : [MARKUP]);
        }
        // What the registry makes of it for others: opened by itself, it is text as well.
        await page.goto(`${stack.apiUrl}/v1/agents/${party.agentId}/agent-card.json`);
        expect(await page.evaluate('[document.body.innerText.includes("onerror"), window.hit]')).toEqual([
          true,
          undefined,
        ]);
      }

      await page.goto(`${stack.apiUrl}/console/operator`);
      await enterOperator(page, stack.operatorKey);
      await page.getByRole('link', { name: 'Disputes' }).click();
      await shows(page, [ALL, inJson(ALL), NAME]);
      for (const tab of ['Held', 'Failed deliveries', 'Audit trail', 'Ledger', 'Agents']) {
        await page.getByRole('link', { name: tab }).click();
        await shows(page, tab === 'Agents' ? [NAME] : []);
      }
      await page.getByRole('link', { name: NAME }).first().click();
      await shows(page, [NAME]);
    },
    PATIENCE_MS,
  );
});
