// A list of 10,000 rows: all of them can be scrolled to, and few of them are in the page at a time.
import { register } from '@agent-registry/client';
import { pemOf } from '@agent-registry/stack';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, enter, PATIENCE_MS, useVisits } from './testing/browser.ts';
import { useE2eStack } from './testing/use-stack.ts';

const ROWS = 10_000;
const SHOWN_AT_FIRST = 300;
/** By "Show more". */
const SHOWN_MORE = 500;
/** In the page at a time: what is in the window and near it is a tenth of this. */
const ROWS_IN_PAGE_MAX = 1_000;
/** Pixels a turn: less than what the page keeps beside the window, so that no row is jumped over. */
const TURN_PX = 2_000;
const NAME = 'Long List';

/** The rows that are in the page: each place in the list, the header being 1, and the price that stands there. */
const ROWS_IN_PAGE = `[...document.querySelectorAll('tr[aria-rowindex]')]
  .map((row) => [Number(row.ariaRowIndex), row.querySelector('[data-title="Price"]').innerText])`;
const IS_AT_END = 'scrollY + innerHeight >= document.documentElement.scrollHeight - 1';
/** Whether nothing in the window is blank space that stands for rows. */
const IS_FILLED = `[...document.querySelectorAll('[aria-rowcount] tbody')].every((body) => {
  const { top, bottom } = body.getBoundingClientRect();
  return bottom <= 0 || top >= innerHeight || body.querySelector('tr[aria-rowindex]') !== null;
})`;

const STANDS = `({
  scrollY, innerHeight, height: document.documentElement.scrollHeight,
  chunks: [...document.querySelectorAll('[aria-rowcount] tbody')].map((body) => {
    const { top, height } = body.getBoundingClientRect();
    return { top, height, rows: body.querySelectorAll('tr[aria-rowindex]').length };
  }).filter(({ top, height, rows }) => rows > 0 || (top + height > 0 && top < innerHeight)),
})`;
const LOOK_MS = 10;
/** Half a minute, on a machine with nothing else to do. */
const LOOKS_MAX = 3_000;

/** What came near the window and what left it is told to the page by `tell()` alone, all changes together, as by a browser that was busy. */
const TELL_LATE = `{
  const Observer = IntersectionObserver;
  const observers = [];
  window.IntersectionObserver = class {
    constructor(tell, options) {
      this.changes = [];
      this.tell = tell;
      this.observer = new Observer((changes) => this.changes.push(...changes), options);
      observers.push(this);
    }
    observe(element) { this.observer.observe(element); }
    disconnect() { this.observer.disconnect(); }
  };
  window.tell = () => {
    for (const observer of observers) if (observer.changes.length > 0) observer.tell(observer.changes.splice(0));
  };
  window.nearness = () => observers[0]?.changes.map(({ isIntersecting }) => isIntersecting).join();
}`;

describeInBrowser('a long list in the console', () => {
  const stack = useE2eStack({}, { runner: false });
  const visit = useVisits(stack);

  /** A client with 10,000 jobs, of 100.00 the oldest, and 0.01 to 99.99 from there to the newest. */
  async function haveJobs() {
    const [owner, seller] = [
      await register({ baseUrl: stack.apiUrl }, { display_name: NAME }),
      await register({ baseUrl: stack.apiUrl }, { display_name: 'Seller' }),
    ];
    const offer = { seller_agent_id: seller.agent.agent_id, max_budget: '100.00' };
    const { job_id } = await owner.client.proposeJob(offer);
    const sql = await stack.connect();
    await sql.query(
      `INSERT INTO jobs SELECT (jsonb_populate_record(job, jsonb_build_object('job_id', gen_random_uuid(), 'price', n,
        'status', 'cancelled', 'settled_at', now(), 'created_at', job.created_at + n * interval '1 ms'))).*
      FROM jobs job, generate_series(1, ${ROWS - 1}) n WHERE job_id = $1`,
      [job_id],
    );
    return { agentId: owner.agent.agent_id, name: NAME, pem: pemOf(owner.keys.privateKey) };
  }

  /**
   * Waits until something is so in the page, whose policy forbids the browser driver's own way to look.
   * @throws Error that says how the page stands, where it does not become so.
   */
  async function until(page: Page, isSo: string): Promise<void> {
    const stands = await page.evaluate(`new Promise((done) => {
      const look = (looks) => {
        if (${isSo}) done();
        else if (looks === ${LOOKS_MAX}) done(${STANDS});
        else setTimeout(look, ${LOOK_MS}, looks + 1);
      };
      look(1);
    })`);
    if (stands !== undefined) throw new Error(`It never came to ${isSo}: ${JSON.stringify(stands)}`);
  }
  const more = (page: Page) => page.getByRole('button', { name: 'Show more' });

  /** Turns the wheel to the end of the page; each row that was there, and the most at once. */
  async function scrollThrough(page: Page): Promise<{ seen: Map<number, string>; most: number }> {
    const seen = new Map<number, string>();
    let most = 0;
    for (;;) {
      await until(page, IS_FILLED);
      const rows = (await page.evaluate(ROWS_IN_PAGE)) as [number, string][];
      most = Math.max(most, rows.length);
      for (const [place, price] of rows) seen.set(place, price);
      if (await page.evaluate(IS_AT_END)) return { seen, most };
      const before = Number(await page.evaluate('scrollY'));
      await page.mouse.wheel(0, TURN_PX);
      await until(page, `scrollY > ${before} || ${IS_AT_END}`);
    }
  }

  test(
    'each of 10,000 rows comes into the page as one scrolls, in its order and with its figures, and never more than some hundreds are in it',
    async () => {
      const agent = await haveJobs();
      const { page } = await visit('/console');
      await enter(page, agent);
      await page.getByText('All jobs').waitFor();
      for (let shown = SHOWN_AT_FIRST; shown < ROWS; shown += SHOWN_MORE) {
        await page.getByText(`${shown.toLocaleString('en')} are shown`).waitFor();
        await more(page).click();
      }
      await more(page).waitFor({ state: 'detached' });
      await page.getByText(`${ROWS} jobs, the newest first`).waitFor();
      expect(await page.locator(`[aria-rowcount="${ROWS + 1}"]`).count()).toBe(1);
      await page.keyboard.press('Control+Home');
      await until(page, 'scrollY === 0');
      await page.mouse.move(500, 500);
      const { seen, most } = await scrollThrough(page);
      expect(most).toBeLessThan(ROWS_IN_PAGE_MAX);
      const expected = Array.from({ length: ROWS }, (_, index): [number, string] => [
        index + 2,
        index === ROWS - 1 ? '100.00' : ((ROWS - 1 - index) / 100).toFixed(2),
      ]);
      expect([...seen].toSorted(([a], [b]) => a - b)).toEqual(expected);
      await page.keyboard.press('Control+Home');
      await until(page, `scrollY === 0 && ${IS_FILLED}`);
      expect(((await page.evaluate(ROWS_IN_PAGE)) as [number, string][])[0]).toEqual(expected[0]);
    },
    PATIENCE_MS,
  );

  test(
    'the space that stands for rows never seen is as high as they are, so that a way up the page ends where it should',
    async () => {
      const agent = await haveJobs();
      const { page } = await visit('/console');
      await enter(page, agent);
      await more(page).click();
      await page.getByText(`${SHOWN_AT_FIRST + SHOWN_MORE} are shown`).waitFor();
      const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
      await page.keyboard.press('Control+Home');
      await until(page, 'scrollY === 0');
      for (let from = 0; from < height; from += TURN_PX) {
        await page.evaluate(`scrollTo(0, ${from})`);
        await until(page, IS_FILLED);
        expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(height);
      }
    },
    PATIENCE_MS,
  );

  test(
    'rows that left the window and came back before a busy browser said either are shown',
    async () => {
      const agent = await haveJobs();
      const { context } = await visit('/console');
      await context.addInitScript(TELL_LATE);
      const page = await context.newPage();
      await page.goto(stack.apiUrl);
      await enter(page, agent);
      await page.getByText(`${SHOWN_AT_FIRST} are shown`).waitFor();
      await until(page, "nearness() === 'true'");
      await page.evaluate('tell()');
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      await until(page, "nearness() === 'false'");
      await page.evaluate('scrollTo(0, 0)');
      await until(page, "nearness() === 'false,true'");
      await page.evaluate(
        'new Promise((done) => { tell(); requestAnimationFrame(() => setTimeout(done)); })',
      );
      expect(await page.evaluate(IS_FILLED)).toBe(true);
    },
    PATIENCE_MS,
  );
});
