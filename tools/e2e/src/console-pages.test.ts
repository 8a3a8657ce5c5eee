// The console in a browser against a made-up market: what an owner, a client and an operator do, and that nothing is cut or kept out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { register } from '@agent-registry/client';
import { isOnPath } from '@agent-registry/servers';
import { readSeeded } from '@agent-registry/stack';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 240_000;
/** For a machine that does other things too. */
const STEP_MS = 30_000;
const PHONE = { width: 375, height: 812 };
const DESK = { width: 1440, height: 1000 };
const BUDGET_BYTES = 150_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const program = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => isOnPath(name));
const skipped = program === undefined ? ' (skipped without chromium)' : '';
/** What would run, or break out of its place, where text were taken for more. */
const HOSTILE = [
  '<img src=x onerror="window.hit=1">',
  '"><script>window.hit=1</script>',
  "javascript:window.hit=1//'",
  '{{constructor.constructor("window.hit=1")()}}',
  '</textarea><svg onload=window.hit=1>',
];

interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of, and what it asked of others. */
  readonly faults: string[];
}

(program === undefined ? describe.skip : describe)(`the console in a browser${skipped}`, () => {
  const stack = useE2eStack({}, { seed: { word: 'console', share: 0.15 } });
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: `/usr/bin/${program}` });
  }, PATIENCE_MS);
  afterAll(() => browser?.close(), PATIENCE_MS);

  async function visit(
    path: string,
    options: Parameters<Browser['newContext']>[0] = { viewport: DESK },
  ): Promise<Visitor> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(STEP_MS);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => void faults.push(error.message));
    page.on(
      'console',
      (message) => void (/policy|violat/i.test(message.text()) && faults.push(message.text())),
    );
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== stack.apiUrl && protocol !== 'blob:') faults.push(`asked ${request.url()}`);
    });
    await page.goto(stack.apiUrl + path);
    return { context, page, faults };
  }

  const seeded = (which: number) => readSeeded(stack.dataDir)[which]!;
  const pemOf = (name: string) => readFileSync(join(stack.dataDir, 'seeded', `${name}.pem`), 'utf8');

  async function enter(page: Page, agent: { agentId: string; name: string }): Promise<void> {
    await page.goto(`${stack.apiUrl}/console/me`);
    await page.getByLabel('Agent id').fill(agent.agentId);
    await page.getByLabel('Or its text').fill(pemOf(agent.name));
    await page.getByLabel(/Keep it/).check();
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByRole('heading', { name: agent.name }).waitFor();
  }

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

  const confirm = async (page: Page, verb: string): Promise<void> => {
    await page.getByRole('dialog').getByRole('button', { name: verb }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  test(
    'an owner registers, sells, is found, agrees, delivers by criteria that the client checked, and is paid as both were shown',
    async () => {
      const owner = await visit('/console/me');
      const ownerId = await registerOwner(owner.page, 'Page Turner');
      await offer(owner.page, 'turn-pages', '20.00');

      const buyer = await visit('/console');
      await enter(buyer.page, seeded(36));
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
      await owner.page.getByRole('cell', { name: 'long-enough' }).waitFor();
      await owner.page.getByRole('link', { name: 'My agent' }).click();
      await owner.page.getByRole('link', { name: 'Money' }).click();
      await owner.page.getByRole('cell', { name: '19.50' }).first().waitFor();
      expect(ownerId).toMatch(/^[0-9a-f-]{36}$/);
      expect([owner.faults, buyer.faults]).toEqual([[], []]);
      await owner.context.close();
      await buyer.context.close();
    },
    PATIENCE_MS,
  );

  test(
    'two parties settle a dispute by themselves, and an operator resolves another with the slider, each shown who gets what',
    async () => {
      const operator = await visit('/console/operator');
      await operator.page.getByLabel('Operator key').fill(stack.operatorKey);
      await operator.page.getByRole('button', { name: 'Enter' }).click();
      await operator.page.getByRole('link', { name: 'Disputes' }).click();
      const disputes = operator.page.locator('.deliveries > li').filter({ hasText: 'price' });
      await disputes.first().waitFor();
      const before = await disputes.count();
      expect(before).toBeGreaterThan(1);
      const jobOf = async (index: number): Promise<string> =>
        disputes.nth(index).locator('strong.id').innerText();
      const [settledId, resolvedId] = [await jobOf(0), await jobOf(1)];
      const ids = (await disputes
        .nth(0)
        .locator('a[href*="/agents/"]')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href')!))) as string[];
      const parties = ids.map(
        (href) => readSeeded(stack.dataDir).find(({ agentId }) => href.endsWith(agentId))!,
      );
      const [client, seller] = [await visit('/console'), await visit('/console')];
      await enter(client.page, parties[0]!);
      await client.page.goto(`${stack.apiUrl}/console/jobs/${settledId}`);
      await client.page.getByText('Show something').click();
      await client.page.getByLabel('Title').fill('What we agreed');
      await client.page.getByLabel('Text', { exact: true }).fill('By mail: PDF would do.');
      await client.page.getByRole('button', { name: 'Show it' }).click();
      await client.page.getByRole('cell', { name: 'What we agreed' }).waitFor();
      await client.page.getByText('Offer a settlement').click();
      await client.page.getByRole('button', { name: '25 %' }).click();
      await client.page.getByRole('button', { name: 'Offer', exact: true }).click();
      await client.page.getByText('You offer this').waitFor();
      await enter(seller.page, parties[1]!);
      await seller.page.goto(`${stack.apiUrl}/console/jobs/${settledId}`);
      await seller.page.getByRole('button', { name: 'Accept this settlement' }).click();
      await confirm(seller.page, 'Settle');
      await seller.page.locator('h1 .s-resolved').waitFor();

      const dispute = disputes.filter({ hasText: resolvedId });
      await dispute.getByText('What both sides say').click();
      await dispute.getByText('Neither has shown any evidence.').waitFor();
      await dispute.getByText('Resolve', { exact: true }).click();
      const slider = dispute.getByLabel('For the seller');
      await slider.focus();
      await operator.page.keyboard.press('End');
      expect(await dispute.locator('.split').innerText()).toMatch(/Client\s+0\.00/);
      await dispute.getByLabel('Why, for the audit trail').fill('The work is as agreed.');
      await dispute.getByRole('button', { name: 'Resolve so' }).click();
      await confirm(operator.page, 'Pay it so');
      await dispute.waitFor({ state: 'detached' });
      await operator.page.getByRole('link', { name: 'Audit trail' }).click();
      await operator.page.getByRole('cell', { name: 'operatorResolve' }).first().waitFor();
      expect([client.faults, seller.faults, operator.faults]).toEqual([[], [], []]);
      for (const { context } of [client, seller, operator]) await context.close();
    },
    PATIENCE_MS,
  );

  test(
    'a webhook is sent again, and a key is rotated: the new one signs, the old one is refused, and no script can read either',
    async () => {
      const agent = seeded(0);
      const { page, context, faults } = await visit('/console');
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
      await page.getByLabel('Or its text').fill(pemOf(agent.name));
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('Your key was not taken').waitFor();
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );

  test(
    'what agents write is shown as text, wherever it is shown, and runs nowhere',
    async () => {
      for (const [index, text] of HOSTILE.entries()) {
        const { client } = await register(
          { baseUrl: stack.apiUrl },
          { display_name: text, description: text },
        );
        await client.createListing({
          skill_id: `hostile-${index}`,
          description: text,
          base_price: '1.00',
          sla: { text },
        });
      }
      const { page, context, faults } = await visit('/console');
      await page.getByLabel('What do you need?').fill('hostile');
      await page.getByText(/match “hostile”/).waitFor();
      await page.getByRole('heading', { name: 'hostile-4' }).waitFor();
      const shown = await page.locator('main').innerText();
      for (const text of HOSTILE) expect(shown).toContain(text);
      await page.getByRole('link', { name: HOSTILE[1]! }).click();
      await page.getByRole('heading', { name: HOSTILE[1]! }).waitFor();
      expect(await page.evaluate('window.hit')).toBeUndefined();
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );

  test('the market is searched and an agent opened by keyboard alone', async () => {
    const { page, context } = await visit('/console');
    await page.getByRole('heading', { name: 'Market' }).waitFor();
    const pressUntil = async (selector: string): Promise<void> => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return;
      }
      throw new Error(`the keyboard does not reach ${selector}`);
    };
    await pressUntil('input[type=search]');
    await page.keyboard.type('invoice');
    await page.getByText(/match “invoice”/).waitFor();
    await pressUntil('.listings a');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Reputation' }).waitFor();
    await context.close();
  });

  test.each([
    ['a phone, dark', { viewport: PHONE, colorScheme: 'dark' }],
    ['a desk, light', { viewport: DESK, colorScheme: 'light' }],
    ...(process.env.LONG_TESTS
      ? ([
          ['a phone, light', { viewport: PHONE, colorScheme: 'light' }],
          ['a desk, dark', { viewport: DESK, colorScheme: 'dark' }],
        ] as const)
      : []),
  ] as const)(
    'on %s every page fits its width, and axe finds nothing in it',
    async (_, options) => {
      const { page, context, faults } = await visit('/', options);
      const check = async (): Promise<void> => {
        await page.locator('h1').first().waitFor();
        await page.locator('.loading').first().waitFor({ state: 'detached' });
        const path = new URL(page.url()).pathname;
        const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
        expect([path, width]).toEqual([path, options.viewport.width]);
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run()')) as {
          violations: { id: string; nodes: { html: string }[] }[];
        };
        expect([path, violations.map(({ id, nodes }) => [id, nodes[0]?.html.slice(0, 200)])]).toEqual([
          path,
          [],
        ]);
      };
      await check();
      const agent = seeded(1);
      for (const path of [
        '',
        '/me',
        '/operator',
        '/nowhere',
        `/agents/${agent.agentId}`,
        `/agents/${stack.operatorKey}`,
        `/jobs/${agent.agentId}`,
      ]) {
        await page.goto(`${stack.apiUrl}/console${path}`);
        await check();
      }
      await enter(page, agent);
      await check();
      for (const tab of ['Money', 'Deliveries', 'Check criteria', 'Settings']) {
        await page.getByRole('link', { name: tab }).click();
        await check();
      }
      await page.getByRole('link', { name: 'Jobs', exact: true }).click();
      await page.locator('td a[href*="/jobs/"]').first().click();
      await page
        .getByText(/its? .*hash/i)
        .first()
        .waitFor();
      await check();
      await page.getByRole('link', { name: 'Operator' }).click();
      await page.getByLabel('Operator key').fill(stack.operatorKey);
      await page.getByRole('button', { name: 'Enter' }).click();
      for (const tab of [
        'Overview',
        'Disputes',
        'Held',
        'Failed deliveries',
        'Agents',
        'Audit trail',
        'Ledger',
      ]) {
        await page.getByRole('link', { name: tab }).click();
        await check();
      }
      expect(faults).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );

  test('the console takes less than 150 kB, runs nothing inline and asks nobody else by its policy', async () => {
    const answers = await Promise.all(
      ['', '/console.js', '/console.css'].map((path) => fetch(`${stack.apiUrl}/console${path}`)),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(BUDGET_BYTES);
    const policy = answers[0]!.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(texts[0]).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\son\w+=/);
  });

  test('the start page shows people the market’s numbers and three doors, and gives programs the same as links', async () => {
    const html = await (await fetch(stack.apiUrl, { headers: { accept: 'text/html,*/*;q=0.8' } })).text();
    for (const door of ['href="/docs"', 'href="/console"', 'npx agent-registry'])
      expect(html).toContain(door);
    const links = (await (await fetch(stack.apiUrl, { headers: { accept: 'application/json' } })).json()) as {
      market: Record<string, number>;
      links: Record<string, string>;
    };
    expect(html).toContain(`<dt>jobs</dt><dd>${links.market.jobs}</dd>`);
    for (const link of ['docs', 'console', 'openapi', 'llms', 'api_catalog'])
      expect((await fetch(new URL(links.links[link]!).pathname.replace(/^/, stack.apiUrl))).status).toBe(200);
  });
});
