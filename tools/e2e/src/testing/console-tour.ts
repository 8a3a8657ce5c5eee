import type { Page } from 'playwright-core';
import { enter, enterOperator } from './browser.ts';
import type { E2eStack } from './stack.ts';

const TABS_OF_AGENT = ['Money', 'Deliveries', 'Check criteria', 'Settings'];
const TABS_OF_OPERATOR = [
  'Overview',
  'Disputes',
  'Held',
  'Failed deliveries',
  'Agents',
  'Audit trail',
  'Ledger',
  'Recalls',
];

interface Tour {
  readonly stack: E2eStack;
  /** Whose pages are shown: one with jobs, money and an endpoint. */
  readonly agent: { readonly agentId: string; readonly name: string; readonly pem: string };
}

/** Goes through every page and tab of the console; each is loaded when its name comes. */
export async function* tour(page: Page, { stack, agent }: Tour): AsyncGenerator<string> {
  const loaded = async (): Promise<void> => {
    await page.locator('h1').first().waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
  };
  const visit = async function* (name: string, path: string): AsyncGenerator<string> {
    await page.goto(stack.apiUrl + path);
    await loaded();
    yield name;
  };
  const open = async function* (name: string, tab: string): AsyncGenerator<string> {
    await page.getByRole('link', { name: tab, exact: true }).first().click();
    await loaded();
    yield name;
  };
  yield* visit('start', '/');
  yield* visit('market', '/console');
  yield* visit('sign in', '/console/me');
  yield* visit('operator, sign in', '/console/operator');
  yield* visit('no such page', '/console/nowhere');
  yield* visit('agent', `/console/agents/${agent.agentId}`);
  yield* visit('agent, unknown', `/console/agents/${stack.operatorKey}`);
  yield* visit('job, not signed in', `/console/jobs/${agent.agentId}`);
  await enter(page, agent);
  await loaded();
  yield 'my jobs';
  for (const tab of TABS_OF_AGENT) yield* open(`my ${tab.toLowerCase()}`, tab);
  for (const state of ['completed', 'disputed', 'proposed']) {
    await page.getByRole('link', { name: 'My agent' }).click();
    await loaded();
    const rows = page.locator('tr', { has: page.locator(`.s-${state}`) });
    if ((await rows.count()) === 0) continue;
    await rows.last().locator('a[href*="/jobs/"]').first().click();
    await page
      .getByText(/match(es)? (its|their) hash/)
      .first()
      .waitFor();
    await loaded();
    yield `job, ${state}`;
  }
  yield* visit('job, unknown', `/console/jobs/${agent.agentId}`);
  await page.getByRole('link', { name: 'Operator' }).click();
  await enterOperator(page, stack.operatorKey);
  for (const tab of TABS_OF_OPERATOR) yield* open(`operator, ${tab.toLowerCase()}`, tab);
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await page.locator('td a').first().click();
  await page.getByRole('heading', { name: 'Statement' }).waitFor();
  await loaded();
  yield 'operator, an agent';
}
