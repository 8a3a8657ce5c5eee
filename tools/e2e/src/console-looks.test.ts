// For people to look at: pictures of every page, and how soon each is painted. Nothing is expected of either.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  DESK,
  describeInBrowser,
  enter,
  PATIENCE_MS,
  PHONE,
  seededAgents,
  useVisits,
} from './testing/browser.ts';
import { tour } from './testing/console-tour.ts';
import { useE2eStack } from './testing/use-stack.ts';

/** Where the pictures go, and `first-paint.json`; without it nobody runs this. */
const FOLDER = resolve(process.env.CONSOLE_LOOKS!);
const LOADS = 5;
const SIZES = { phone: PHONE, desk: DESK };
const SCHEMES = ['light', 'dark'] as const;
const sights = Object.entries(SIZES).flatMap(([size, viewport]) =>
  SCHEMES.map((colorScheme) => [`${size}, ${colorScheme}`, { viewport, colorScheme }] as const),
);
/** Beyond what the registry accepts of clocks that differ. */
const SKEW_MS = 3_600_000;

describeInBrowser('the looks of the console', () => {
  const stack = useE2eStack({}, { seed: { word: 'demo' } });
  const visit = useVisits(stack);
  const agent = () => seededAgents(stack)[0]!;

  const shoot = async (page: Page, sight: string, name: string): Promise<void> => {
    const folder = join(FOLDER, sight.replace(', ', '-'));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.png`);
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  };

  /** What is asked before something is done that stays; it is not done. */
  const shootQuestion = async (page: Page, sight: string, button: string | RegExp): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').waitFor();
    await shoot(page, sight, `asked, ${String(button)}`);
    await page.getByRole('button', { name: 'Not now' }).click();
  };
  const seededRunner = async (): Promise<string> => {
    const sql = await stack.connect();
    const { rows } = await sql.query(
      'SELECT runner_digest FROM verification_runs WHERE runner_digest IS NOT NULL LIMIT 1',
    );
    return rows[0].runner_digest;
  };

  test.each(sights)(
    'on a %s every page has its picture taken, with those of what goes wrong',
    async (sight, options) => {
      const { page } = await visit('/', options);
      for await (const name of tour(page, { stack, agent: agent() })) {
        if (name === 'my check criteria') {
          await page.getByRole('button', { name: 'Check', exact: true }).click();
          await page.getByText('The criteria judge both samples as you expect.').waitFor();
          await shoot(page, sight, 'my checked criteria');
        }
        for (const details of await page.locator('details').all())
          await details.evaluate((element) => element.setAttribute('open', ''));
        await shoot(page, sight, name);
        if (name === 'job, proposed') await shootQuestion(page, sight, /^Accept for/);
        if (name === 'operator, recalls') {
          await page.getByLabel('Digest of the runner').fill(await seededRunner());
          await page.getByLabel('What is wrong with it').fill('It matched without anchors.');
          await page.getByLabel('Why, for the audit trail').fill('Incident 12');
          await shootQuestion(page, sight, 'Look whom it concerns');
        }
      }
      await page.clock.setFixedTime(Date.now() - SKEW_MS);
      await page.goto(`${stack.apiUrl}/console/me/money`);
      await page.getByRole('alert').first().waitFor();
      await shoot(page, sight, 'clock skewed');
      await page.route('**/v1/**', (route) => route.abort());
      for (const path of ['', '/me', `/agents/${agent().agentId}`]) {
        await page.goto(`${stack.apiUrl}/console${path}`);
        await page.getByRole('alert').first().waitFor();
        await shoot(page, sight, `down ${path}`);
      }
    },
    3 * PATIENCE_MS,
  );

  /** Milliseconds until the first content of a page is painted, by the browser's own account. */
  const paintedAfter = (page: Page): Promise<number> =>
    page.evaluate(`new Promise((done) => {
      new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') done(startTime);
      }).observe({ type: 'paint', buffered: true });
    })`) as Promise<number>;

  test(
    'the first paint of each page is measured at both widths, by a browser that has it not in its cache',
    async () => {
      const { agentId, ...seller } = agent();
      const figures: Record<string, Record<string, number>> = {};
      for (const [size, viewport] of Object.entries(SIZES)) {
        const { page, context } = await visit('/console', { viewport });
        await enter(page, { agentId, ...seller });
        const job = await page.locator('td a[href*="/jobs/"]').first().getAttribute('href');
        const session = await context.newCDPSession(page);
        await session.send('Network.setCacheDisabled', { cacheDisabled: true });
        for (const path of [
          '/',
          '/console',
          `/console/agents/${agentId}`,
          '/console/me',
          '/console/me/money',
          job!,
          '/console/operator',
        ]) {
          const loads: number[] = [];
          for (let load = 0; load < LOADS; load += 1) {
            await page.goto(stack.apiUrl + path);
            loads.push(await paintedAfter(page));
          }
          const name = path.replace(/[0-9a-f-]{36}/, ':id');
          figures[name] = {
            ...figures[name],
            [size]: Math.round(loads.toSorted((a, b) => a - b)[LOADS >> 1]!),
          };
        }
      }
      writeFileSync(join(FOLDER, 'first-paint.json'), JSON.stringify(figures, null, 2));
      process.stdout.write(
        `first contentful paint, ms, median of ${LOADS}: ${JSON.stringify(figures, null, 2)}\n`,
      );
      expect(Object.keys(figures)).toHaveLength(7);
    },
    PATIENCE_MS,
  );
});
