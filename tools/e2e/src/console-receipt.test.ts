// A receipt on its way to the page: whatever an intermediary changes of it, the page says that it does not hold, and why.
import type { Job, JobReceipt } from '@agent-registry/client';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, enter, PATIENCE_MS, seededAgents, useVisits } from './testing/browser.ts';
import { useE2eStack } from './testing/use-stack.ts';

/** Of a key that nobody's log has: a well-formed one, in the form of C2SP. */
const OTHER_KEY = 'registry.example/log+e5dc5e07+AbTl24+A/X9MjvZXnrR/Xpyd3/f2k2Or7Fi5x2iDlfB2';

/** Puts another leaf in the place of one, as canonical as it was. */
function withTime(leaf: string): string {
  return leaf.replace(/"time":"\d{4}/, '"time":"1999');
}

function withSignature(proof: string): string {
  const at = proof.trimEnd().length - 8;
  return `${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`;
}

type Change = readonly [what: string, change: (receipt: JobReceipt) => JobReceipt, said: RegExp];

const firstItem = (
  receipt: JobReceipt,
  change: (item: JobReceipt['items'][number]) => Partial<JobReceipt['items'][number]>,
): JobReceipt => ({
  ...receipt,
  items: receipt.items.map((item, index) => (index === 0 ? { ...item, ...change(item) } : item)),
});

const CHANGES: readonly Change[] = [
  [
    'the price that it opens',
    (receipt) =>
      firstItem(receipt, ({ openings }) => ({
        openings: openings.map((one) => ({ ...one, opening: { ...(one.opening as object), price: '0.01' } })),
      })),
    /Entry 1 \(terms\): it does not commit to what is shown of it to both\./,
  ],
  [
    'an entry’s time',
    (receipt) => firstItem(receipt, ({ leaf }) => ({ leaf: withTime(leaf) })),
    /Entry 1 \(terms\): its proof leads to another root than the log’s\./,
  ],
  [
    'the log’s signature',
    (receipt) => firstItem(receipt, ({ proof }) => ({ proof: withSignature(proof!) })),
    /Entry 1 \(terms\): the log’s signature does not verify\./,
  ],
  [
    'what it opens, which is left out',
    (receipt) => firstItem(receipt, () => ({ openings: [] })),
    /Entry 1 \(terms\): nothing in it says which job it is about\./,
  ],
  [
    'the job that it is of',
    (receipt) => ({ ...receipt, job_id: '0199f3a4-0000-7000-8000-00000000000a' }),
    /Entry 1 \(terms\): it is about another job\./,
  ],
];

describeInBrowser('a receipt on its way to the page', () => {
  const stack = useE2eStack({}, { seed: { word: 'console', share: 0.05 }, runner: false });
  const visit = useVisits(stack);

  /** Opens a job of an agent's that is paid, in a page to which everything comes unchanged. */
  async function openPaidJob(page: Page): Promise<void> {
    await enter(page, seededAgents(stack).find(({ name }) => name === 'Lingua Nord')!);
    await page
      .locator('tr', { has: page.locator('.s-completed') })
      .locator('a[href*="/jobs/"]')
      .first()
      .click();
    await page.getByText(/^The receipt holds: all/).waitFor();
  }

  /** Has an intermediary change the body of each answer at a path. */
  async function intercept<T>(page: Page, path: string | RegExp, change: (body: T) => T): Promise<void> {
    await page.unrouteAll();
    await page.route(path, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change((await response.json()) as T) });
    });
  }

  test(
    'a receipt or a job that an intermediary changed is shown as one that does not hold, with the check that failed',
    async () => {
      const { page } = await visit('/console');
      await openPaidJob(page);
      const alert = page.getByRole('alert').filter({ hasText: 'The receipt does not hold.' });
      for (const [what, change, said] of CHANGES) {
        await intercept(page, '**/v1/jobs/*/receipt', change);
        await page.reload();
        await alert.waitFor();
        expect([what, await alert.innerText()]).toEqual([what, expect.stringMatching(said)]);
        expect([what, await page.getByText(/The receipt holds/).count()]).toEqual([what, 0]);
      }
      await intercept<Job>(page, /\/v1\/jobs\/[0-9a-f-]{36}$/, (job) => ({ ...job, agreed_price: '0.01' }));
      await page.reload();
      await alert.waitFor();
      expect(await alert.innerText()).toMatch(
        /The log has the price \d+\.\d\d, and the registry shows 0\.01\./,
      );
      await page.unrouteAll();
      await page.reload();
      await page.getByText(/^The receipt holds: all/).waitFor();
    },
    PATIENCE_MS,
  );

  test(
    'a key that an intermediary names beside a receipt is not believed by the browser afterwards',
    async () => {
      const { page } = await visit('/console');
      await openPaidJob(page);
      const known = (): Promise<{ vkeys: string[] }> =>
        page.evaluate(`JSON.parse(localStorage.getItem('agent-registry-log'))`) as Promise<{
          vkeys: string[];
        }>;
      const { vkeys } = await known();
      await intercept<JobReceipt>(page, '**/v1/jobs/*/receipt', (receipt) => ({
        ...receipt,
        log: { ...receipt.log, vkeys: [...receipt.log.vkeys, OTHER_KEY] },
      }));
      await page.reload();
      await page.getByText(/^The receipt holds: all/).waitFor();
      expect((await known()).vkeys).toEqual(vkeys);
    },
    PATIENCE_MS,
  );
});
