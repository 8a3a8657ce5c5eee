// Each page of the console against a made-up market: that it fits, that nobody is kept out of it, and what it costs.
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  DESK,
  describeInBrowser,
  enter,
  findWithAxe,
  PATIENCE_MS,
  PHONE,
  seededAgents,
  useVisits,
} from './testing/browser.ts';
import { tour } from './testing/console-tour.ts';
import { useE2eStack } from './testing/use-stack.ts';

/** Far beyond what the registry takes. */
const SKEW_MS = 3_600_000;
const BUDGET_BYTES = 150_000;

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
      const { page } = await visit('/', options);
      for await (const name of tour(page, { stack, agent: seededAgents(stack)[1]! })) {
        expect([name, await page.evaluate('scrollY')]).toEqual([name, 0]);
        for (const isOpen of [true, false]) {
          const width = Number(
            await page.evaluate(`(() => {
              for (const details of document.querySelectorAll('details')) details.open = ${isOpen};
              return document.documentElement.scrollWidth;
            })()`),
          );
          expect([name, isOpen, width]).toEqual([name, isOpen, options.viewport.width]);
        }
        expect([name, await findWithAxe(page)]).toEqual([name, []]);
        expect([name, await unreached(page)]).toEqual([name, []]);
      }
    },
    PATIENCE_MS,
  );

  test(
    'when the registry does not answer, or a clock is off by more than it takes, each page says so once',
    async () => {
      const { page } = await visit('/console');
      const agent = seededAgents(stack)[1]!;
      await enter(page, agent);
      const mine = ['', '/money', '/deliveries', '/settings'].map((tab) => `/me${tab}`);
      const check = async (path: string, said: string): Promise<void> => {
        await page.goto(`${stack.apiUrl}/console${path}`, { waitUntil: 'networkidle' });
        await page.getByRole('alert').filter({ hasText: said }).first().waitFor();
        expect([path, await page.getByRole('alert').count()]).toEqual([path, 1]);
      };
      await page.clock.setFixedTime(Date.now() - SKEW_MS);
      for (const path of mine) await check(path, 'The clock of this device is off.');
      await page.route('**/v1/**', (route) => route.abort());
      for (const path of ['', `/agents/${agent.agentId}`, `/jobs/${agent.agentId}`, ...mine])
        await check(path, 'The registry does not answer.');
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
    const css = await (await fetch(`${stack.apiUrl}/console/console.css`)).text();
    const classes = [...html.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names!.split(' '));
    expect(classes.filter((name) => !css.includes(`.${name}`))).toEqual([]);
    const links = (await (await fetch(stack.apiUrl, { headers: { accept: 'application/json' } })).json()) as {
      market: Record<string, number>;
      links: Record<string, string>;
    };
    expect(html).toContain(`<dt>jobs</dt><dd>${links.market.jobs}</dd>`);
    for (const link of ['docs', 'console', 'openapi', 'llms', 'api_catalog'])
      expect((await fetch(new URL(links.links[link]!).pathname.replace(/^/, stack.apiUrl))).status).toBe(200);
  });
});
