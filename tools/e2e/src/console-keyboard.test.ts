// What moves money in the console, done with the keyboard alone.
import { createOperatorClient, register } from '@agent-registry/client';
import { pemOf } from '@agent-registry/stack';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, PATIENCE_MS, tabTo, useVisits } from './testing/browser.ts';
import { driveJob } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

/** A page that is used without a pointer. */
function hands(page: Page) {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const go = async (wanted: ReturnType<Page['locator']>): Promise<void> => {
    await wanted.waitFor();
    await tabTo(page, wanted);
  };
  return {
    /** Reaches a button, a link or a summary, and presses it. */
    async press(wanted: string | ReturnType<Page['locator']>): Promise<void> {
      await go(typeof wanted === 'string' ? button(wanted) : wanted);
      await page.keyboard.press('Enter');
    },
    /** Reaches a field and writes into it, in the place of what is there. */
    async write(label: string, text: string): Promise<void> {
      await go(page.getByLabel(label, { exact: true }));
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    },
    /** Reaches a slider and pulls it. */
    async pull(label: string, keys: readonly string[]): Promise<void> {
      await go(page.getByLabel(label));
      for (const key of keys) await page.keyboard.press(key);
    },
    /** Reaches an answer of the question that is asked, and gives it. */
    async answer(verb: string): Promise<void> {
      const dialog = page.getByRole('dialog');
      await go(dialog.getByRole('button', { name: verb }));
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
    },
    link: (name: string) => page.getByRole('link', { name, exact: true }),
    summary: (name: string) => page.locator('summary', { hasText: name }),
  };
}

describeInBrowser('the console by keyboard alone', () => {
  const stack = useE2eStack();
  const visit = useVisits(stack);
  const operator = () => createOperatorClient({ baseUrl: stack.apiUrl, operatorKey: stack.operatorKey });

  async function join(name: string, credits: string) {
    const { agent, client, keys } = await register({ baseUrl: stack.apiUrl }, { display_name: name });
    const agentId = agent.agent_id;
    await operator().operatorDeposit({ agent_id: agentId, amount: credits, reference: agentId });
    return { agentId, client, name, pem: pemOf(keys.privateKey) };
  }

  async function enter(page: Page, { agentId, pem }: { agentId: string; pem: string }): Promise<void> {
    const by = hands(page);
    await by.write('Agent id', agentId);
    // Typed line by line it would take its time, and a key is pasted.
    await tabTo(page, page.getByLabel('Or its text'));
    await page.keyboard.insertText(pem);
    await tabTo(page, page.getByLabel(/Keep it/));
    await page.keyboard.press('Space');
    await by.press('Enter');
    await page
      .getByRole('heading', { name: 'What waits for you' })
      .or(page.getByText('No jobs yet'))
      .first()
      .waitFor();
  }

  test(
    'an owner registers and sells, a client finds it, proposes, funds and accepts the work, and both see the payment',
    async () => {
      const owner = await visit('/console/me');
      const own = hands(owner.page);
      await own.write('Name', 'Key Board');
      await own.press('Make its key');
      const [file] = await Promise.all([owner.page.waitForEvent('download'), own.press('Save the key')]);
      expect(file.suggestedFilename()).toBe('Key-Board.pem');
      await own.press('Register');
      await own.press(own.link('Settings'));
      await own.write('Skill', 'type-texts');
      await own.write('Price from (credits)', '20.00');
      await own.press('Offer');
      await owner.page.getByRole('cell', { name: 'type-texts' }).waitFor();

      const buyer = await visit('/console/me');
      const buys = hands(buyer.page);
      await enter(buyer.page, await join('Buyer', '100.00'));
      await buys.press(buys.link('Market'));
      await buys.write('What do you need?', 'type-texts');
      await buys.press(buys.link('Key Board'));
      await buys.press(buys.summary('Propose a job'));
      await buys.write('What is to be done', 'Type this.');
      await buys.press('Propose');
      await buyer.page.getByRole('heading', { name: /^Job/ }).waitFor();

      await own.press(own.link('My agent'));
      await own.press(owner.page.locator('td a[href*="/jobs/"]').first());
      await own.press('Accept for 20.00');
      await own.answer('Accept');
      await buys.press('Fund');
      await buys.answer('Put 20.00 into escrow');
      await own.press('Start');
      await own.write('What you deliver (JSON)', '"typed"');
      await own.press('Deliver');
      await buys.press('Accept the work');
      expect(await buyer.page.getByRole('dialog').innerText()).toMatch(
        /Seller\s+19\.50\s+Platform fee\s+0\.50/,
      );
      await buys.answer('Accept the work');
      await owner.page.locator('h1 .s-completed').waitFor();
      await own.press(own.link('My agent'));
      await own.press(own.link('Money'));
      await owner.page.getByRole('cell', { name: '19.50' }).first().waitFor();
    },
    PATIENCE_MS,
  );

  test(
    'two parties settle one dispute, with evidence, and an operator resolves another, each shown who gets what, with slider and question reached and answered by keys',
    async () => {
      const [client, seller] = [await join('Client', '100.00'), await join('Seller', '0.01')];
      const disputed = async (): Promise<string> => {
        const job_id = await driveJob({ client, seller }, 'delivered');
        await client.client.failJob({ job_id });
        await seller.client.disputeJob({ job_id, reason: 'It is as agreed.' });
        return job_id;
      };
      const [settled, resolved] = [await disputed(), await disputed()];
      const open = async (party: typeof client) => {
        const visitor = await visit('/console/me');
        await enter(visitor.page, party);
        await visitor.page.goto(`${stack.apiUrl}/console/jobs/${settled}`);
        return { ...visitor, ...hands(visitor.page) };
      };

      const asks = await open(client);
      await asks.press(asks.summary('Show something'));
      await asks.write('Title', 'What we agreed');
      await asks.write('Text', 'By mail: PDF would do.');
      await asks.press('Show it');
      await asks.page.getByRole('cell', { name: 'What we agreed' }).waitFor();
      await asks.press(asks.summary('Offer a settlement'));
      await asks.pull('For the seller', ['Home', 'ArrowRight', 'ArrowRight']);
      await asks.press('Offer');
      await asks.page.getByText('You offer this').waitFor();
      const agrees = await open(seller);
      await agrees.press('Accept this settlement');
      expect(await agrees.page.getByRole('dialog').innerText()).toMatch(/Client\s+9\.98/);
      await agrees.answer('Settle');
      await agrees.page.locator('h1 .s-resolved').waitFor();

      const visitor = await visit('/console/operator');
      const decides = hands(visitor.page);
      await decides.write('Operator key', stack.operatorKey);
      await decides.press('Enter');
      await decides.press(decides.link('Disputes'));
      await visitor.page.getByText(resolved).waitFor();
      await decides.press(decides.summary('What both sides say'));
      await visitor.page.getByText('It is disputed because').waitFor();
      await decides.press(decides.summary('Resolve'));
      await decides.pull('For the seller', ['End']);
      expect(await visitor.page.locator('.split').innerText()).toMatch(/Client\s+0\.00/);
      await decides.write('Why, for the audit trail', 'As agreed.');
      await decides.press('Resolve so');
      await decides.answer('Pay it so');
      await visitor.page.getByText('No dispute waits for you.').waitFor();
      await decides.press(decides.link('Audit trail'));
      await visitor.page.getByRole('cell', { name: 'resolve', exact: true }).first().waitFor();
      const job = await client.client.getJob({ job_id: resolved });
      expect(job.status).toBe('resolved');
    },
    PATIENCE_MS,
  );
});
