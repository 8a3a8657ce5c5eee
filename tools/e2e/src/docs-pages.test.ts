// The documentation in a browser: nothing is cut, nobody is kept out, and all of it works by keyboard.
import { beforeAll, expect, test } from '@jest/globals';
import { DESK, describeInBrowser, findWithAxe, PATIENCE_MS, PHONE, useVisits } from './testing/browser.ts';
import { useE2eStack } from './testing/use-stack.ts';

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

describeInBrowser('the documentation in a browser', () => {
  const stack = useE2eStack({}, { runner: false });
  const visit = useVisits(stack);
  let paths: readonly string[];
  beforeAll(async () => {
    const start = await (await fetch(`${stack.apiUrl}/docs`)).text();
    const linked = [...start.matchAll(/href="(\/docs[^"#.]*)"/g)].map(([, path = '']) => path);
    paths = [...new Set(linked)];
    expect(paths.length).toBeGreaterThan(20);
  }, PATIENCE_MS);

  test.each([
    ['a phone', PHONE],
    ['a desk', DESK],
  ])(
    'on %s every page fits its width, and its text begins near the top',
    async (_, viewport) => {
      const { page } = await visit('/docs', { viewport });
      for (const path of paths) {
        await page.goto(stack.apiUrl + path);
        const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
        expect([path, width]).toEqual([path, viewport.width]);
        const top = Number(await page.evaluate('document.querySelector("main").getBoundingClientRect().top'));
        expect(top).toBeLessThan(viewport.height * HEAD_SHARE);
      }
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
      const { page } = await visit('/docs', options);
      for (const path of KINDS) {
        await page.goto(stack.apiUrl + path);
        expect([path, await findWithAxe(page)]).toEqual([path, []]);
      }
    },
    PATIENCE_MS,
  );

  test('the search is found, asked and followed by keyboard alone', async () => {
    const { page } = await visit('/docs/money');
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
  });

  test.each([
    ['/docs#not_found', '/docs/errors#not_found'],
    ['/docs#proposeJob', '/docs/reference/jobs#proposeJob'],
    ['/docs#schema-Job', '/docs/reference/schemas#Job'],
    ['/docs#job.accepted', '/docs/reference/events#job.accepted'],
    ['/v1/docs#states', '/docs/jobs#states'],
  ])('the address %s of the former single page leads to %s', async (from, to) => {
    const { page } = await visit(from);
    await page.waitForURL(stack.apiUrl + to);
  });

  test('an address whose fragment is no valid escape opens the page and breaks no script', async () => {
    const { page } = await visit('/docs#%');
    await page.locator('.copy').first().waitFor();
  });

  test('a block of code is copied as it stands', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await visit('/docs', { viewport: DESK, permissions });
    await page.locator('.copy').first().click();
    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(copied).toBe('npm ci && npm run demo\nnpm ci && npm test');
  });
});
