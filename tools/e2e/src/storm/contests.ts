import { setTimeout as delay } from 'node:timers/promises';
import { RegistryProblem } from '@agent-registry/client';
import type { Ending } from './check-endings.ts';
import { propose, type Stage } from './stage.ts';

/** Credits of the jobs that are settled: price and bond as `propose` offers them. */
const OFFERS = [
  { client_share: '4.00', seller_share: '7.00' },
  { client_share: '3.00', seller_share: '8.00' },
] as const;
const DECISION = { client_share: '5.00', seller_share: '6.00' };
/** What each has gained in the end, cents; the fee is 2.5 % of what the seller gets above its bond, rounded up. */
const AGREED: readonly [Ending, Ending] = [
  { by: 'agreement', client: -600n, seller: 585n },
  { by: 'agreement', client: -700n, seller: 682n },
];
const DECIDED: Ending = { by: 'operator', client: -500n, seller: 487n };
/** Nothing was delivered: the client has its price back, and the bond. */
const TIMED_OUT: Ending = { by: 'time', client: 100n, seller: -100n };

/** From the proposal on: time for what comes before, and an accept as it ends. */
const DEADLINE_MS = 2_500;
/** An accept comes up to so long before the deadline, or after it. */
const NEAR_MS = 40;
/** Whoever comes second is refused so. */
const REFUSALS = new Set(['invalid_state', 'own_offer']);

/** What a call answers; null where it was refused since another was first, or by one of these codes. */
async function unlessLate<T>(call: Promise<T>, ...refusals: readonly string[]): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof RegistryProblem)) throw error;
    if (REFUSALS.has(error.code) || refusals.includes(error.code)) return null;
    throw error;
  }
}

async function fund(stage: Stage, job_id: string): Promise<void> {
  const { client, seller, options, owe } = stage;
  await client.client.fundJob({ job_id }, options);
  owe('job.funded', job_id, seller);
}

async function agree(stage: Stage): Promise<string> {
  const { client, seller, options, owe } = stage;
  const job_id = await propose(stage);
  await seller.client.acceptJob({ job_id }, options);
  owe('job.accepted', job_id, client, seller);
  await fund(stage, job_id);
  return job_id;
}

/** The first party offers to settle; the hash of its offer, null where it came too late. */
async function offer(stage: Stage, by: 'client' | 'seller', job_id: string, shares: (typeof OFFERS)[number]) {
  const { options, owe } = stage;
  const other = by === 'client' ? stage.seller : stage.client;
  const job = await unlessLate(stage[by].client.offerSettlement({ job_id, ...shares }, options));
  if (job === null) return null;
  owe('job.settlement_offered', job_id, other);
  const own = job.negotiation_log.findLast(
    (step) => step.kind === 'settlement_offer' && step.by === stage[by].agentId,
  );
  return own!.hash;
}

const accept = (stage: Stage, by: 'client' | 'seller', job_id: string, offer_hash: string) =>
  unlessLate(stage[by].client.acceptSettlement({ job_id, offer_hash }, stage.options));

/** Notes which of the endings that raced were acknowledged. */
function note(
  stage: Stage,
  jobId: string,
  tried: readonly (readonly [Ending, object | null])[],
  otherwise?: Ending,
) {
  const { client, seller, owe } = stage;
  const acknowledged = tried.flatMap(([ending, answer]) => (answer === null ? [] : [ending]));
  if (acknowledged.length > 0) owe('job.resolved', jobId, client, seller);
  stage.contest({
    jobId,
    client: client.agentId,
    seller: seller.agentId,
    acknowledged,
    otherwise: otherwise ?? null,
  });
}

/** Both offer at once, and both accept at once: the newest offer is paid. */
export async function settleAtOnce(stage: Stage): Promise<void> {
  const job_id = await agree(stage);
  const [ofClient, ofSeller] = await Promise.all([
    offer(stage, 'client', job_id, OFFERS[0]),
    offer(stage, 'seller', job_id, OFFERS[1]),
  ]);
  const [bySeller, byClient] = await Promise.all([
    accept(stage, 'seller', job_id, ofClient!),
    accept(stage, 'client', job_id, ofSeller!),
  ]);
  note(stage, job_id, [
    [AGREED[0], bySeller],
    [AGREED[1], byClient],
  ]);
}

/** The seller accepts as an operator decides. */
export async function settleOrBeDecided(stage: Stage): Promise<void> {
  const { client, seller, options, operator, owe } = stage;
  const job_id = await agree(stage);
  await seller.client.startJob({ job_id }, options);
  owe('job.started', job_id, client);
  await seller.client.deliverJob({ job_id, result: { ok: true } }, options);
  owe('job.delivered', job_id, client);
  await client.client.failJob({ job_id }, options);
  owe('job.failed', job_id, client, seller);
  await seller.client.disputeJob({ job_id }, options);
  owe('job.disputed', job_id, client, seller);
  const hash = await offer(stage, 'client', job_id, OFFERS[0]);
  const [agreed, decided] = await Promise.all([
    accept(stage, 'seller', job_id, hash!),
    unlessLate(operator.operatorResolve({ job_id, ...DECISION, note: 'the storm' }, options)),
  ]);
  note(stage, job_id, [
    [AGREED[0], agreed],
    [DECIDED, decided],
  ]);
}

/** The client accepts as the deadline comes. Under a storm each step before may be too late already. */
export async function settleOrRunOut(stage: Stage): Promise<void> {
  const { client, seller, options, owe } = stage;
  const delivery_deadline = new Date(Date.now() + DEADLINE_MS).toISOString();
  const job_id = await unlessLate(propose(stage, { delivery_deadline }), 'validation_failed');
  if (job_id === null) return;
  if ((await unlessLate(seller.client.acceptJob({ job_id }, options))) === null) {
    await client.client.cancelJob({ job_id }, options);
    return owe('job.cancelled', job_id, client, seller);
  }
  owe('job.accepted', job_id, client, seller);
  await fund(stage, job_id);
  stage.mayHear('job.deadline_warning', job_id, seller);
  const hash = await offer(stage, 'seller', job_id, OFFERS[1]);
  if (hash === null) return note(stage, job_id, [], TIMED_OUT);
  const job = await client.client.getJob({ job_id }, options);
  const leftMs =
    Date.parse(job.delivery_deadline ?? '') - Date.now() + stage.random.below(2 * NEAR_MS) - NEAR_MS;
  await delay(Math.max(0, leftMs), undefined, { signal: options.signal! });
  note(stage, job_id, [[AGREED[1], await accept(stage, 'client', job_id, hash)]], TIMED_OUT);
}
