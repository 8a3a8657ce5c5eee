import { expect } from '@jest/globals';
import type { Reply } from '../call.ts';
import { CRITERIA } from '../market.ts';
import {
  fireTimers,
  type Model,
  type ModelJob,
  NAMES,
  type Name,
  nextTimer,
  type Refusal,
  recordVerdict,
} from './market-model.ts';
import { act, type PlainAction, type Proposal, propose, refusedProposal, resolve } from './model-actions.ts';
import { acceptOffer, hasOffer, maySettle, offer, showEvidence } from './model-settling.ts';
import { assertAgrees, operate, refusalOf, ringDue, tellVerdict, type World } from './world.ts';

export const decimal = (cents: bigint) => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
/** Any job, or one of those where something may come of it if there is one. */
export function jobAt(model: Model, pick: number, isApt: (job: ModelJob) => boolean = () => true): ModelJob {
  const apt = model.jobs.filter(isApt);
  const jobs = apt.length > 0 ? apt : model.jobs;
  return jobs[pick % jobs.length]!;
}

export const nameOf = (job: ModelJob, as: 'client' | 'seller' | 'stranger'): Name =>
  as === 'stranger' ? NAMES.find((name) => name !== job.client && name !== job.seller)! : job[as];

/** Both must refuse in the same words, or both must do it. */
export function agree(reply: Reply, expected: Refusal | null): Refusal | null {
  expect(refusalOf(reply)).toEqual(expected);
  return expected;
}

export async function doAct(model: Model, world: World, job: ModelJob, who: Name, action: PlainAction) {
  const hash = action === 'accept' ? world.hashes.get(job.id) : undefined;
  const reply = await world.agents[who].call('POST', `/v1/jobs/${job.id}/${action}`, {
    body: action === 'deliver' ? { result: { ok: true } } : { acceptance_criteria_hash: hash },
    ...(action === 'verify' ? { headers: { Prefer: 'wait=0' } } : {}),
  });
  const refusal = agree(reply, act(model, job, who, action));
  if (action === 'verify' && refusal === null) assertVerified(reply, job);
  else if (refusal === null && action !== 'fund') expect(reply.body.status).toBe(job.status);
  return refusal;
}

function assertVerified({ status, body }: Reply, job: ModelJob): void {
  expect(body.job.status).toBe(job.status);
  const isOpen = job.run === 'pending';
  expect(status).toBe(isOpen ? 202 : 200);
  expect(body.verification?.verdict ?? null).toBe(isOpen || job.run === 'none' ? null : job.run);
}

export async function doJudge(
  model: Model,
  world: World,
  job: ModelJob,
  word: 'pass' | 'fail' | 'error' | 'outage',
) {
  if (job.run !== 'pending') return { status: 0, code: 'nothing to judge' };
  // A slot of the runner takes the run whose turn it is: another job's may come first, and goes back.
  const givenBack = await tellVerdict(world, job.id, word);
  for (const other of model.jobs) if (givenBack.includes(other.id)) recordVerdict(model, other, 'outage');
  recordVerdict(model, job, word);
  return null;
}

/** A division of what a job holds; one that is off by a cent where `isOff`. */
function sharesOf(job: ModelJob, share: bigint, isOff: boolean) {
  const held = job.price + job.bond;
  const seller = share % (held + 1n);
  const client = held - seller + (isOff ? 1n : 0n);
  return { client, seller, body: { client_share: decimal(client), seller_share: decimal(seller) } };
}

export async function doResolve(model: Model, world: World, job: ModelJob, share: bigint, isOff: boolean) {
  const { client, seller, body } = sharesOf(job, share, isOff);
  const reply = await operate(world, `/jobs/${job.id}/resolve`, body);
  return agree(reply, resolve(model, job, client, seller));
}

export async function doOffer(
  model: Model,
  world: World,
  job: ModelJob,
  who: Name,
  { share, isOff = false }: { share: bigint; isOff?: boolean },
) {
  const { body, ...shares } = sharesOf(job, share, isOff);
  const reply = await world.agents[who].call('POST', `/v1/jobs/${job.id}/settle`, { body });
  const refusal = agree(reply, offer(model, job, who, shares));
  if (refusal === null) {
    const hash = reply.body.negotiation_log.at(-1).hash;
    world.offers.set(job.id, [...(world.offers.get(job.id) ?? []), hash]);
  }
  return refusal;
}

/** Accepts the newest offer of a job, or one so many before it. */
export async function doAcceptOffer(model: Model, world: World, job: ModelJob, who: Name, before: number) {
  const hashes = world.offers.get(job.id) ?? [];
  const named = hashes.length - 1 - before;
  const reply = await world.agents[who].call('POST', `/v1/jobs/${job.id}/settle/accept`, {
    body: { offer_hash: hashes[named] ?? 'a'.repeat(64) },
  });
  return agree(reply, acceptOffer(model, job, who, named < 0 ? null : named));
}

export async function doShow(model: Model, world: World, job: ModelJob, who: Name, bytes: number) {
  const body = { name: 'A text', text: 'x'.repeat(bytes) };
  const reply = await world.agents[who].call('POST', `/v1/jobs/${job.id}/evidence`, { body });
  return agree(reply, showEvidence(model, job, who, bytes));
}

/** A party's act, after its suspension has ended if it is suspended. */
async function actFreely(model: Model, world: World, job: ModelJob, who: Name, action: PlainAction) {
  if (model.suspended.has(who)) await toggle(model, world, who);
  return doAct(model, world, job, who, action);
}

/** How a job goes on: well, badly, or by what parties do to end it by themselves. */
export type Direction = 'well' | 'badly' | 'offer' | 'agree' | 'show';

/** What would come next: so that random walks also reach the far states. */
export async function advance(
  model: Model,
  world: World,
  job: ModelJob,
  { direction, share }: { direction: Direction; share: bigint },
) {
  const { client, seller } = job;
  const [one, other] = share % 2n === 0n ? [client, seller] : [seller, client];
  const settling = maySettle(job) && (direction === 'offer' || direction === 'agree');
  for (const name of [one, other])
    if ((settling || direction === 'show') && model.suspended.has(name)) await toggle(model, world, name);
  if (direction === 'show' && job.status === 'disputed') return doShow(model, world, job, one, 10);
  if (settling && direction === 'agree' && hasOffer(job))
    return doAcceptOffer(model, world, job, job.offers.at(-1)?.by === client ? seller : client, 0);
  if (settling) return doOffer(model, world, job, one, { share });
  const well = direction === 'well' || direction === 'agree';
  const isLeft = !well && share % 3n === 0n && (job.status === 'funded' || job.status === 'in_progress');
  if (isLeft) return actFreely(model, world, job, share % 2n === 0n ? client : seller, 'abort');
  switch (job.status) {
    case 'proposed':
    case 'negotiating':
      return actFreely(model, world, job, job.lastOfferBy === client ? seller : client, 'accept');
    case 'agreed':
      return actFreely(model, world, job, client, 'fund');
    case 'funded':
      return actFreely(model, world, job, seller, 'start');
    case 'in_progress':
      return actFreely(model, world, job, seller, 'deliver');
    case 'delivered':
    case 'verifying':
      if (job.hasCriteria) return doJudge(model, world, job, well ? 'pass' : 'fail');
      return actFreely(model, world, job, client, well ? 'complete' : 'fail');
    case 'failed':
      return actFreely(model, world, job, well ? seller : client, 'dispute');
    case 'disputed':
      return doResolve(model, world, job, share, false);
    default:
      return actFreely(model, world, job, client, 'cancel');
  }
}

export async function doPropose(model: Model, world: World, proposal: Proposal) {
  const { client, seller, deadlineIn } = proposal;
  const reply = await world.agents[client].call('POST', '/v1/jobs', {
    body: {
      seller_agent_id: world.agents[seller].id,
      max_budget: decimal(proposal.price),
      client_abort_penalty: decimal(proposal.clientPenalty),
      seller_abort_penalty: decimal(proposal.bond),
      max_rounds: proposal.maxRounds,
      ...(proposal.hasCriteria ? { acceptance_criteria: CRITERIA } : {}),
      ...(deadlineIn === null ? {} : { delivery_deadline: new Date(model.now + deadlineIn).toISOString() }),
    },
  });
  const refusal = agree(reply, refusedProposal(model, proposal));
  if (refusal !== null) return refusal;
  propose(model, proposal, reply.body.job_id);
  if (proposal.hasCriteria) world.hashes.set(reply.body.job_id, reply.body.acceptance_criteria_hash);
  return null;
}

/** Lets time pass. Timers fire each at its time, or all of them late, or not yet. */
export async function wait(model: Model, world: World, ms: number, timers: 'on time' | 'late' | 'not yet') {
  const until = model.now + ms;
  const goTo = (time: number) => {
    world.api.clock.advance(time - model.now);
    model.now = time;
  };
  for (let next = nextTimer(model); timers === 'on time' && next !== null && next <= until; ) {
    goTo(Math.max(next, model.now));
    await ringDue(world, model);
    fireTimers(model);
    await assertAgrees(world, model);
    next = nextTimer(model);
  }
  goTo(until);
  if (timers === 'late') {
    await ringDue(world, model);
    fireTimers(model);
  }
  return null;
}

export async function doDeposit(model: Model, world: World, who: Name, amount: bigint) {
  const agent = world.agents[who];
  const reply = await agent.call('POST', `/v1/agents/${agent.id}/deposit`, {
    body: { amount: decimal(amount) },
  });
  const isSuspended = model.suspended.has(who);
  if (!isSuspended) model.available[who] += amount;
  return agree(reply, isSuspended ? { status: 403, code: 'agent_suspended' } : null);
}

/** An operator suspends an agent, or ends its suspension. */
export async function toggle(model: Model, world: World, who: Name) {
  const isSuspended = model.suspended.has(who);
  const action = isSuspended ? 'reinstate' : 'suspend';
  const reply = await operate(world, `/agents/${world.agents[who].id}/${action}`, {});
  if (isSuspended) model.suspended.delete(who);
  else model.suspended.add(who);
  model.governed[who].push(isSuspended ? 'agent.reinstated' : 'agent.suspended');
  return agree(reply, null);
}
