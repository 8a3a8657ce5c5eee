import { findLedgerFaults } from '@agent-registry/db';
import { actOnTimer, commit, recordRunError, releaseRun } from '@agent-registry/operations';
import type { JobTimer } from '@agent-registry/schemas';
import { expect } from '@jest/globals';
import { sql } from 'kysely';
import { newAgent, operatorOf, type Reply, type TestAgent } from '../call.ts';
import { claimLast, recordVerdict as settle } from '../market.ts';
import type { TestApi } from '../start-api.ts';
import { type Model, NAMES, type Name, type Refusal, timersOf } from './market-model.ts';

/** The registry itself, as one walk through the model sees it: three agents of its own. */
export interface World {
  readonly api: TestApi;
  readonly agents: Readonly<Record<Name, TestAgent>>;
  /** The criteria's hash of the jobs that have criteria. */
  readonly hashes: Map<string, string>;
  /** By job, the hashes of all offers to settle it, in order. */
  readonly offers: Map<string, readonly string[]>;
  readonly feesBefore: bigint;
  /** How often each action was tried and how often it went through. */
  readonly tally: Map<string, { tried: number; done: number }>;
}

export async function newWorld(api: TestApi, tally: World['tally']): Promise<World> {
  const [ann, ben, cid] = await Promise.all([newAgent(api), newAgent(api), newAgent(api)]);
  return {
    api,
    agents: { ann, ben, cid },
    hashes: new Map(),
    offers: new Map(),
    feesBefore: await feesOf(api),
    tally,
  };
}

/** What an answer refused, in the model's words; null when it was done. */
export function refusalOf({ status, body }: Reply): Refusal | null {
  return status < 400 ? null : { status, code: String(body.code) };
}

/** A call of an operator's. */
export function operate({ api }: World, path: string, body: Record<string, unknown>): Promise<Reply> {
  const note = path === '/deposits' ? {} : { note: 'the model' };
  return operatorOf(api)('POST', path, { ...note, ...body });
}

const deps = ({ api }: World) => ({ ...api.context, db: api.database.dispatcherDb });

/** Plays the dispatcher: lets every timer of these jobs fire that is due by the service's clock. */
export async function ringDue(world: World, model: Model): Promise<void> {
  const ids = model.jobs.map(({ id }) => id);
  if (ids.length === 0) return;
  for (let rung = 0; ; rung += 1) {
    const due = await world.api.db
      .selectFrom('outbox')
      .select('subject')
      .where('kind', '=', 'timer')
      .where('job_id', 'in', ids)
      .where('due_at', '<=', world.api.clock.now())
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    if (due === undefined) return;
    expect(rung).toBeLessThan(100);
    const [jobId, timer] = due.subject.split(':') as [string, JobTimer];
    const act = () => commit(deps(world), (op) => actOnTimer(op, { jobId, timer }));
    expect((await act()).value).toBe('acted');
    expect((await act()).value).not.toBe('acted'); // Twice changes nothing.
  }
}

/** Plays the dispatcher and the test-runner: what the test-runner says of a job's last delivery. Resolves to the jobs whose run was given back. */
export async function tellVerdict(
  world: World,
  jobId: string,
  word: 'pass' | 'fail' | 'error' | 'outage',
): Promise<readonly string[]> {
  if (word === 'pass' || word === 'fail') return settle(world.api, jobId, word);
  const { runId, claim, givenBack } = await claimLast(world.api, jobId);
  if (claim.kind !== 'claimed') throw new Error(`the run is ${claim.kind}`);
  const held = { runId, token: claim.token, isRetried: true };
  if (word === 'outage') await commit(deps(world), (op) => releaseRun(op, held));
  else await commit(deps(world), (op) => recordRunError(op, { ...held, canaryPassed: true }));
  return givenBack;
}

async function feesOf(api: TestApi): Promise<bigint> {
  const row = await api.db
    .selectFrom('postings')
    .innerJoin('accounts', 'accounts.account_id', 'postings.account_id')
    .select((eb) => eb.fn.sum<string | null>('postings.amount').as('sum'))
    .where('accounts.kind', '=', 'fees')
    .executeTakeFirstOrThrow();
  return BigInt(row.sum ?? 0);
}

/** Every job's state, terms, money, events and timers, every agent's balance, and the fees are what the model says. */
export async function assertAgrees(world: World, model: Model): Promise<void> {
  const ids = model.jobs.map(({ id }) => id);
  expect(await seen(world, ids)).toEqual({
    available: Object.fromEntries(NAMES.map((name) => [world.agents[name].id, model.available[name]])),
    fees: model.fees,
    jobs: Object.fromEntries(
      model.jobs.map((job) => [
        job.id,
        {
          status: job.status,
          price: job.price,
          client_abort_penalty: job.clientPenalty,
          seller_abort_penalty: job.bond,
          current_round: job.rounds,
          delivery_count: job.deliveries,
          delivery_deadline: job.deadline === null ? null : new Date(job.deadline),
          escrow: job.held?.escrow ?? null,
          bond: job.held?.bond ?? null,
          events: job.events,
          settling: job.settling,
          timers: Object.fromEntries(timersOf(job).map(({ name, at }) => [name, new Date(at)])),
        },
      ]),
    ),
  });
}

const SETTLING = ['settlement_offer', 'settlement_accept', 'evidence'];

async function seen(world: World, ids: readonly string[]) {
  const { db } = world.api;
  const owners = [...NAMES.map((name) => world.agents[name].id), ...ids];
  const none = ids.length === 0 ? ['00000000-0000-0000-0000-000000000000'] : [...ids];
  const [fees, accounts, jobs, events, steps, timers] = await Promise.all([
    feesOf(world.api),
    db
      .selectFrom('accounts')
      .select(['kind', 'owner_id', 'balance'])
      .where('owner_id', 'in', owners)
      .execute(),
    db
      .selectFrom('jobs')
      .select(['job_id', 'status', 'price', 'client_abort_penalty', 'seller_abort_penalty'])
      .select(['current_round', 'delivery_count', 'delivery_deadline'])
      .where('job_id', 'in', none)
      .execute(),
    db
      .selectFrom('events')
      .select(['job_id', 'type'])
      .where('job_id', 'in', none)
      .orderBy('event_id')
      .execute(),
    db
      .selectFrom('negotiation_entries')
      .select(['job_id', sql<string>`entry::jsonb ->> 'kind'`.as('kind')])
      .where('job_id', 'in', none)
      .where(sql<string>`entry::jsonb ->> 'kind'`, 'in', SETTLING)
      .orderBy('seq')
      .execute(),
    db
      .selectFrom('outbox')
      .select(['job_id', 'subject', 'due_at'])
      .where('kind', '=', 'timer')
      .where('job_id', 'in', none)
      .execute(),
  ]);
  const balance = (kind: string, owner: string) =>
    accounts.find((account) => account.kind === kind && account.owner_id === owner)?.balance ?? null;
  return {
    available: Object.fromEntries(
      NAMES.map((name) => [world.agents[name].id, balance('agent', world.agents[name].id)]),
    ),
    fees: fees - world.feesBefore,
    jobs: Object.fromEntries(
      jobs.map(({ job_id, ...job }) => [
        job_id,
        {
          ...job,
          escrow: balance('escrow', job_id),
          bond: balance('bond', job_id),
          events: events.filter((event) => event.job_id === job_id).map(({ type }) => type),
          settling: steps.filter((step) => step.job_id === job_id).map(({ kind }) => kind),
          timers: Object.fromEntries(
            timers
              .filter((timer) => timer.job_id === job_id)
              .map(({ subject, due_at }) => [subject.split(':')[1], due_at]),
          ),
        },
      ]),
    ),
  };
}

export async function assertLedgerSound(api: TestApi): Promise<void> {
  expect(await findLedgerFaults(api.db)).toEqual([]);
}
