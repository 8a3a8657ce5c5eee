// Each page of the console against a made-up market: that it fits, that nobody is kept out of it, and what it costs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { pemOf, readSeeded } from '@agent-registry/stack';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  DESK,
  describeInBrowser,
  enter,
  enterOperator,
  PATIENCE_MS,
  PHONE,
  useVisits,
} from './testing/browser.ts';
import { useE2eStack } from './testing/use-stack.ts';

const BUDGET_BYTES = 150_000;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What can take the focus and is to be seen. */
const FOCUSABLE = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((element) => !element.disabled && element.checkVisibility())`;

/** Presses of Tab beside one for each thing: past the end of the page, the focus is nowhere before it is at the beginning again. */
const WRAPS = 3;

/** What of a page the keyboard does not reach, or shows no focus on. */
async function unreached(page: Page): Promise<string[]> {
  const count = Number(
    await page.evaluate(`(() => {
      window.reached ??= new WeakMap();
      window.onReach ??= ({ target }) => window.reached.set(target, getComputedStyle(target).outlineStyle);
      document.addEventListener('focusin', window.onReach);
      return ${FOCUSABLE}.length;
    })()`),
  );
  for (let presses = 0; presses < count + WRAPS; presses += 1) await page.keyboard.press('Tab');
  return (await page.evaluate(`(() => {
    document.removeEventListener('focusin', window.onReach);
    return ${FOCUSABLE}.filter((element) => ['none', undefined].includes(window.reached.get(element)))
      .map((element) => element.outerHTML.slice(0, 200));
  })()`)) as string[];
}

describeInBrowser('the pages of the console', () => {
  const stack = useE2eStack({}, { seed: { word: 'console', share: 0.15 } });
  const visit = useVisits(stack);
  const seeded = (which: number) => {
    const agent = readSeeded(stack.dataDir)[which]!;
    return { ...agent, pem: pemOf(agent.privateKey) };
  };

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
    'on %s every page fits its width, axe finds nothing in it, and the keyboard reaches all of it',
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
        expect([path, await unreached(page)]).toEqual([path, []]);
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
      await enterOperator(page, stack.operatorKey);
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
