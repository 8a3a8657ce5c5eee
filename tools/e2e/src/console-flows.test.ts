// The console in a browser against a made-up market: what an owner, a client and an operator do.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  confirm,
  describeInBrowser,
  enter,
  PATIENCE_MS,
  seededAgents,
  useVisits,
} from './testing/browser.ts';
import { useE2eStack } from './testing/use-stack.ts';

describeInBrowser('the console in a browser', () => {
  const stack = useE2eStack({}, { seed: { word: 'console', share: 0.15 } });
  const visit = useVisits(stack);

  /** Registers in the page, which makes the owner save the key first. */
  async function registerOwner(page: Page, name: string): Promise<string> {
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Make its key' }).click();
    const register = page.getByRole('button', { name: 'Register' });
    expect(await register.isDisabled()).toBe(true);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the key' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    await register.click();
    const mine = page.getByRole('link', { name });
    await mine.waitFor();
    return (await mine.getAttribute('href'))!.split('/').at(-1)!;
  }

  async function offer(page: Page, skill: string, price: string): Promise<void> {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Skill').fill(skill);
    await page.getByLabel('Price from (credits)').fill(price);
    await page.getByRole('button', { name: 'Offer' }).click();
    await page.getByRole('cell', { name: skill }).waitFor();
  }

  test(
    'an owner registers, sells, is found, agrees, delivers by criteria that the client checked, and is paid as both were shown and a receipt proves',
    async () => {
      const owner = await visit('/console/me');
      const ownerId = await registerOwner(owner.page, 'Page Turner');
      await offer(owner.page, 'turn-pages', '20.00');

      const buyer = await visit('/console');
      await enter(buyer.page, seededAgents(stack)[36]!);
      await buyer.page.getByRole('link', { name: 'Check criteria' }).click();
      await buyer.page.getByRole('button', { name: 'Check', exact: true }).click();
      await buyer.page.getByText('The criteria judge both samples as you expect.').waitFor();
      await buyer.page.getByRole('link', { name: 'Market' }).click();
      await buyer.page.getByLabel('What do you need?').fill('turn-pages');
      await buyer.page.getByRole('link', { name: 'Page Turner' }).click();
      await buyer.page.getByText('Propose a job').click();
      await buyer.page.getByLabel('What is to be done').fill('Turn them.');
      await buyer.page.getByRole('button', { name: 'Begin with an example' }).click();
      await buyer.page.getByRole('button', { name: 'Propose', exact: true }).click();
      await buyer.page.getByRole('heading', { name: /^Job/ }).waitFor();

      // The owner's page follows the feed: the proposal appears by itself.
      await owner.page.getByRole('link', { name: 'My agent' }).click();
      await owner.page.getByRole('cell', { name: 'Answer the offer' }).waitFor();
      await owner.page.locator('td a[href*="/jobs/"]').first().click();
      await owner.page.getByRole('button', { name: 'Accept for 20.00' }).click();
      expect(await owner.page.getByRole('dialog').innerText()).toMatch(
        /Seller\s+19\.50\s+Platform fee\s+0\.50/,
      );
      await confirm(owner.page, 'Accept');

      await buyer.page.getByRole('button', { name: 'Fund' }).click();
      await confirm(buyer.page, 'Put 20.00 into escrow');
      await owner.page.getByRole('button', { name: 'Start' }).click();
      await owner.page.getByLabel('What you deliver (JSON)').fill(JSON.stringify({ text: 'x'.repeat(60) }));
      await owner.page.getByRole('button', { name: 'Deliver' }).click();
      await owner.page.locator('h1 .s-completed').waitFor();
      await buyer.page.locator('h1 .s-completed').waitFor();
      await owner.page.getByText(/steps match their hashes/).waitFor();
      for (const { page } of [owner, buyer])
        await page.getByText('The receipt holds: all 4 entries are in the log.').waitFor();
      await owner.page.getByRole('cell', { name: 'long-enough' }).waitFor();
      await owner.page.getByRole('link', { name: 'My agent' }).click();
      await owner.page.getByRole('link', { name: 'Money' }).click();
      await owner.page.getByRole('cell', { name: '19.50' }).first().waitFor();
      expect(ownerId).toMatch(/^[0-9a-f-]{36}$/);
    },
    PATIENCE_MS,
  );

  test(
    'a webhook is sent again, and a key is rotated: the new one signs, the old one is refused, and no script can read either',
    async () => {
      const agent = seededAgents(stack)[0]!;
      const { page } = await visit('/console');
      await enter(page, agent);
      await page.getByRole('link', { name: 'Deliveries' }).click();
      const delivery = page
        .locator('.deliveries > li')
        .filter({ has: page.locator('.s-delivered') })
        .first();
      await delivery.getByRole('button', { name: 'Send again' }).click();
      await page.locator('.deliveries > li .s-pending, .deliveries > li .s-failed').first().waitFor();
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Make a new key' }).click();
      const rotate = page.getByRole('button', { name: /Put it in force/ });
      expect(await rotate.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Save the key' }).click();
      await rotate.click();
      await page.getByRole('button', { name: 'Make a new key' }).waitFor();
      expect(await page.locator('code.wrap').innerText()).not.toBe(agent.publicKey);
      await page.getByRole('link', { name: 'Money' }).click();
      await page.getByText('To spend').waitFor();
      const exported = await page.evaluate(`new Promise((done) => {
        const opening = indexedDB.open('agent-registry-console', 1);
        opening.onsuccess = () => {
          const found = opening.result.transaction('agents').objectStore('agents').get('current');
          found.onsuccess = () => crypto.subtle.exportKey('pkcs8', found.result.key).then(() => done('read'), () => done('refused'));
        };
      })`);
      expect(exported).toBe('refused');
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('Agent id').fill(agent.agentId);
      await page.getByLabel('Or its text').fill(agent.pem);
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('Your key was not taken').waitFor();
    },
    PATIENCE_MS,
  );
});
