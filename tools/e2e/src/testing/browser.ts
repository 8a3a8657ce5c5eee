import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isOnPath } from '@agent-registry/servers';
import { pemOf, readSeeded } from '@agent-registry/stack';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import type { E2eStack } from './stack.ts';

export const PATIENCE_MS = 240_000;
/** For a machine that does other things too. */
const STEP_MS = 30_000;
export const PHONE = { width: 375, height: 812 };
export const DESK = { width: 1440, height: 1000 };
/** What the keyboard may take to reach something, in presses of Tab. */
const PRESSES_MAX = 200;

const program = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => isOnPath(name));

/** Tests that are skipped, with the reason in their name, where there is no browser. */
export function describeInBrowser(title: string, tests: () => void): void {
  if (program === undefined) describe.skip(`${title} (skipped without chromium)`, tests);
  else describe(title, tests);
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** Opens a page of the stack in a browser context of its own, which is closed after the test. */
export type Visit = (path: string, options?: BrowserContextOptions) => Promise<Visitor>;

/** A browser for the tests of a file, and what opens pages in it. A test fails where a page complains, or asks others than the stack. */
export function useVisits(stack: E2eStack): Visit {
  let browser: Browser;
  const opened: BrowserContext[] = [];
  const faults: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: `/usr/bin/${program}` });
  }, PATIENCE_MS);
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close(), PATIENCE_MS);
  return async (path, options = { viewport: DESK }) => {
    const context = await browser.newContext(options);
    opened.push(context);
    context.setDefaultTimeout(STEP_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => void faults.push(error.message));
    page.on('console', (message) => {
      if (/policy|violat/i.test(message.text())) faults.push(message.text());
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== stack.apiUrl && protocol !== 'blob:') faults.push(`asked ${request.url()}`);
    });
    await page.goto(stack.apiUrl + path);
    return { context, page };
  };
}

/** The agents of a seeded stack, with their keys as `enter` takes them. */
export const seededAgents = ({ dataDir }: E2eStack) =>
  readSeeded(dataDir).map((agent) => ({ ...agent, pem: pemOf(agent.privateKey) }));

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds in a page: each rule that is broken, where first and how. */
export async function findWithAxe(page: Page) {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as {
    violations: Violation[];
  };
  return violations.map(({ id, nodes: [first] }) => [id, first?.html.slice(0, 200), first?.failureSummary]);
}

/** Enters as an agent, with its key in PEM, and stays known to the browser. */
export async function enter(
  page: Page,
  agent: { agentId: string; name: string; pem: string },
): Promise<void> {
  await page.goto(new URL('/console/me', page.url()).href);
  await page.getByLabel('Agent id').fill(agent.agentId);
  await page.getByLabel('Or its text').fill(agent.pem);
  await page.getByLabel(/Keep it/).check();
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByRole('heading', { name: agent.name }).waitFor();
}

export async function enterOperator(page: Page, key: string): Promise<void> {
  await page.getByLabel('Operator key').fill(key);
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByRole('link', { name: 'Disputes' }).waitFor();
}

/** Answers the question that the page asks, by its verb. */
export async function confirm(page: Page, verb: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: verb }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Presses Tab until something has the focus. @throws Error where the keyboard does not get there. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const element = await wanted.elementHandle();
  for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
    await page.keyboard.press('Tab');
    if (await element?.evaluate((node) => node === node.ownerDocument.activeElement)) return;
  }
  throw new Error(`the keyboard does not reach ${String(wanted)}`);
}
