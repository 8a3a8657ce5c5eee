import { expect } from '@jest/globals';
import { itemsOf, readPages } from '../pages.ts';
import type { Model, ModelJob, Name } from './market-model.ts';
import { NAMES } from './market-model.ts';
import { clientSees } from './model-actions.ts';
import { decimal } from './moves.ts';
import type { World } from './world.ts';

const toCents = (text: string): bigint => BigInt(text.replace('.', ''));
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

/** What the agents are told over HTTP, at the end of a walk, is what the model says of them: nobody is suspended any more. */
export async function assertViews(world: World, model: Model): Promise<void> {
  for (const job of model.jobs) await assertJobViews(world, job);
  for (const name of NAMES) {
    await assertMoneyViews(world, model, name);
    await assertHeard(world, model, name);
  }
}

async function assertJobViews(world: World, job: ModelJob): Promise<void> {
  const path = `/v1/jobs/${job.id}`;
  const get = (name: Name, what = '') => world.agents[name].call('GET', path + what);
  const stranger = NAMES.find((name) => name !== job.client && name !== job.seller);
  if (stranger !== undefined) expect((await get(stranger)).status).toBe(404);
  for (const name of [job.client, job.seller]) {
    const sees = job.deliveries > 0 && (name === job.seller || clientSees(job));
    expect((await get(name)).body).toMatchObject({
      status: job.status,
      agreed_price: decimal(job.price),
      delivery_deadline: job.deadline === null ? null : new Date(job.deadline).toISOString(),
      result: sees ? { ok: true } : null,
    });
  }
  const timeline = (await get(job.seller, '/events?limit=100')).body;
  expect(timeline.items.map(({ event }: { event: string }) => event)).toEqual(job.events);
  const reviews = (await get(job.client, '/reviews')).body;
  expect(reviews).toHaveLength(job.reviewers.size);
}

async function assertMoneyViews(world: World, model: Model, name: Name): Promise<void> {
  const agent = world.agents[name];
  const heldOf = (role: 'client' | 'seller', what: 'escrow' | 'bond') =>
    decimal(sum(model.jobs.filter((job) => job[role] === name).map((job) => job.held?.[what] ?? 0n)));
  expect((await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body).toMatchObject({
    balance: decimal(model.available[name]),
    available_balance: decimal(model.available[name]),
    held_in_escrow: heldOf('client', 'escrow'),
    held_in_bonds: heldOf('seller', 'bond'),
  });
  const get = (path: string) => agent.call('GET', path);
  const items = itemsOf(await readPages(get, `/v1/agents/${agent.id}/transactions?limit=100`));
  expect(sum(items.map(({ amount }) => toCents(amount)))).toBe(model.available[name]);
  expect(items[0]?.balance_after ?? '0.00').toBe(decimal(model.available[name]));
}

async function assertHeard(world: World, model: Model, name: Name): Promise<void> {
  const agent = world.agents[name];
  const pages = await readPages(
    (path) => agent.call('GET', path),
    `/v1/agents/${agent.id}/webhooks?limit=100`,
  );
  const heard = itemsOf(pages).map(({ event_type }) => String(event_type));
  const ofJobs = model.jobs.flatMap((job) => [
    ...(job.client === name ? job.heard.client : []),
    ...(job.seller === name ? job.heard.seller : []),
  ]);
  expect(heard.sort()).toEqual([...ofJobs, ...model.governed[name]].sort());
}
