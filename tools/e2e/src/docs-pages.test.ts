// The documentation in a browser: nothing is cut, nobody is kept out, and all of it works by keyboard.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isOnPath } from '@agent-registry/servers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 240_000;
const PHONE = { width: 375, height: 812 };
const DESK = { width: 1440, height: 1000 };
/** How much of a phone's screen may pass before the text begins. */
const HEAD_SHARE = 0.2;
/** A page of each kind: axe takes seconds for a long one, and the others are made by the same code. */
const KINDS = [
  '/docs',
  '/docs/quickstart',
  '/docs/jobs',
  '/docs/errors',
  '/docs/reference/money',
  '/docs/reference/events',
];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const program = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => isOnPath(name));
const skipped = program === undefined ? ' (skipped without chromium)' : '';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

(program === undefined ? describe.skip : describe)(`the documentation in a browser${skipped}`, () => {
  const stack = useE2eStack({}, { runner: false });
  let browser: Browser;
  let paths: readonly string[];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: `/usr/bin/${program}` });
    const start = await (await fetch(`${stack.apiUrl}/docs`)).text();
    const linked = [...start.matchAll(/href="(\/docs[^"#.]*)"/g)].map(([, path = '']) => path);
    paths = [...new Set(linked)];
    expect(paths.length).toBeGreaterThan(20);
  }, PATIENCE_MS);
  afterAll(() => browser?.close(), PATIENCE_MS);

  async function open(options: Parameters<Browser['newContext']>[0], path: string) {
    const context: BrowserContext = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('pageerror', (error) => void complaints.push(error.message));
    await page.goto(stack.apiUrl + path);
    return { page, context, complaints };
  }

  test.each([
    ['a phone', PHONE],
    ['a desk', DESK],
  ])(
    'on %s every page fits its width, and its text begins near the top',
    async (_, viewport) => {
      const { page, context, complaints } = await open({ viewport }, '/docs');
      for (const path of paths) {
        await page.goto(stack.apiUrl + path);
        const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
        expect([path, width]).toEqual([path, viewport.width]);
        const top = Number(await page.evaluate('document.querySelector("main").getBoundingClientRect().top'));
        expect(top).toBeLessThan(viewport.height * HEAD_SHARE);
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
    PATIENCE_MS,
  );

  test.each([
    ['a phone, light', { viewport: PHONE, colorScheme: 'light' }],
    ['a desk, dark', { viewport: DESK, colorScheme: 'dark' }],
    ...(process.env.LONG_TESTS
      ? ([
          ['a phone, dark', { viewport: PHONE, colorScheme: 'dark' }],
          ['a desk, light', { viewport: DESK, colorScheme: 'light' }],
        ] as const)
      : []),
  ] as const)(
    'on %s axe finds nothing in a page of each kind',
    async (_, options) => {
      const { page, context } = await open(options, '/docs');
      for (const path of KINDS) {
        await page.goto(stack.apiUrl + path);
        await page.evaluate(axe);
        const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
          violations: Violation[];
        };
        const told = violations.map(({ id, nodes }) => [
          id,
          nodes[0]?.html.slice(0, 200),
          nodes[0]?.failureSummary,
        ]);
        expect([path, told]).toEqual([path, []]);
      }
      await context.close();
    },
    PATIENCE_MS,
  );

  test('the search is found, asked and followed by keyboard alone', async () => {
    const { page, context } = await open({ viewport: DESK }, '/docs/money');
    await page.keyboard.press('/');
    await page.keyboard.type('rotate-key');
    await page.locator('#found [aria-selected=true]').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/docs/reference/agents#rotateKey');
    await page.keyboard.press('/');
    await page.keyboard.type('job');
    await page.locator('#found-1').waitFor();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#found-1').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await page.locator('#found').isVisible()).toBe(false);
    await context.close();
  });

  test.each([
    ['/docs#not_found', '/docs/errors#not_found'],
    ['/docs#proposeJob', '/docs/reference/jobs#proposeJob'],
    ['/docs#schema-Job', '/docs/reference/schemas#Job'],
    ['/docs#job.accepted', '/docs/reference/events#job.accepted'],
    ['/v1/docs#states', '/docs/jobs#states'],
  ])('the address %s of the former single page leads to %s', async (from, to) => {
    const { page, context } = await open({ viewport: DESK }, from);
    await page.waitForURL(stack.apiUrl + to);
    await context.close();
  });

  test('an address whose fragment is no valid escape opens the page and breaks no script', async () => {
    const { page, context, complaints } = await open({ viewport: DESK }, '/docs#%');
    await page.locator('.copy').first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a block of code is copied as it stands', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, context } = await open({ viewport: DESK, permissions }, '/docs');
    await page.locator('.copy').first().click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe('npm ci && npm run demo\nnpm ci && npm test');
    await context.close();
  });
});
