import { findBalance, findJob, findLedgerFaults, type JobRow } from '@agent-registry/db';
import type { JobTimer } from '@agent-registry/schemas';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHarness, DAY, type Harness, HOUR, RULES, verdict } from '../testing/harness.ts';
import { abortJob } from './abort-job.ts';
import { acceptJob } from './accept-job.ts';
import { actOnTimer } from './act-on-timer.ts';
import { counterJob } from './counter-job.ts';
import { deliverJob } from './deliver-job.ts';
import { fundJob } from './fund-job.ts';
import { completeJob, disputeJob, failJob } from './judge-job.ts';
import { proposeJob } from './propose-job.ts';
import { startJob } from './start-job.ts';
import {
  claimRun,
  HARNESS_ERRORS_MAX,
  recordRunError,
  releaseRun,
  settleVerification,
} from './verify-run.ts';

const PRICE = 10_000n;
const BOND = 1_000n;
const PENALTY = 500n;
const PURSE = 100_000n;
const FEE = 250n;
const HASH = 'c'.repeat(64);

let harness: Harness;
let client: string;
let seller: string;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});
beforeEach(async () => {
  client = await harness.newAgent('client', PURSE);
  seller = await harness.newAgent('seller', PURSE);
});

async function propose(options: { criteria?: boolean; deadlineDays?: number } = {}): Promise<string> {
  const job = await harness.run((op) =>
    proposeJob(op, {
      clientId: client,
      sellerId: seller,
      price: PRICE,
      clientAbortPenalty: PENALTY,
      sellerAbortPenalty: BOND,
      listingId: null,
      requirements: null,
      criteria: options.criteria === true ? { text: '{"tests":[]}', hash: HASH, legacyHash: HASH } : null,
      deadline: new Date(harness.time.now.getTime() + (options.deadlineDays ?? 10) * DAY),
      maxRounds: 3,
    }),
  );
  return job.job_id;
}

const accept = (jobId: string) =>
  harness.run((op) => acceptJob(op, { jobId, actorId: seller, criteriaHash: HASH_OF.get(jobId) ?? null }));
const HASH_OF = new Map<string, string>();
const fund = (jobId: string) => harness.run((op) => fundJob(op, { jobId, actorId: client }));
const start = (jobId: string) => harness.run((op) => startJob(op, { jobId, actorId: seller }));
const deliver = (jobId: string) =>
  harness.run((op) => deliverJob(op, { jobId, actorId: seller, result: '{"n":1}' }));
const read = async (jobId: string): Promise<JobRow> => (await findJob(harness.deps.db, jobId))!;

async function working(options: { criteria?: boolean; deadlineDays?: number } = {}): Promise<string> {
  const jobId = await propose(options);
  if (options.criteria === true) HASH_OF.set(jobId, HASH);
  await accept(jobId);
  await fund(jobId);
  await start(jobId);
  return jobId;
}

/** Lets time pass with nobody acting, every alarm ringing at its time. */
async function silence(ms: number): Promise<void> {
  const until = new Date(harness.time.now.getTime() + ms);
  for (let rung = 0; rung < 50; rung += 1) {
    const due = await harness.deps.db
      .selectFrom('outbox')
      .selectAll()
      .where('kind', '=', 'timer')
      .where('due_at', '<=', until)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    if (due === undefined) break;
    if (due.due_at > harness.time.now) harness.time.now = due.due_at;
    const [jobId, timer] = due.subject.split(':') as [string, JobTimer];
    await harness.run((op) => actOnTimer(op, { jobId, timer }));
  }
  harness.time.now = until;
}

async function purses(): Promise<{ client: bigint; seller: bigint }> {
  expect(await findLedgerFaults(harness.deps.db)).toEqual([]);
  return {
    client: ((await findBalance(harness.deps.db, { kind: 'agent', ownerId: client })) ?? 0n) - PURSE,
    seller: ((await findBalance(harness.deps.db, { kind: 'agent', ownerId: seller })) ?? 0n) - PURSE,
  };
}

async function judge(jobId: string, kind: 'pass' | 'fail'): Promise<void> {
  const { run_id: runId } = await harness.deps.db
    .selectFrom('verification_runs')
    .select('run_id')
    .where('job_id', '=', jobId)
    .orderBy('delivery', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const claim = await harness.run((op) => claimRun(op, { runId }));
  if (claim.kind !== 'claimed') throw new Error(`the run is ${claim.kind}`);
  await harness.run((op) => settleVerification(op, { runId, token: claim.token, response: verdict(kind) }));
}

describe('a client cannot hurt a seller by', () => {
  test('funding at the last second: the deadline moves by as long as funding took', async () => {
    const jobId = await propose({ deadlineDays: 4 });
    const agreed = await accept(jobId);
    harness.time.now = new Date(agreed.agreed_at!.getTime() + RULES.fundingWindowMs - 1);
    const funded = await fund(jobId);
    const left = funded.delivery_deadline!.getTime() - harness.time.now.getTime();
    expect(left).toBe(4 * DAY);
  });

  test('funding after the window: it is refused, even when the alarm has not rung', async () => {
    const jobId = await propose();
    const agreed = await accept(jobId);
    harness.time.now = new Date(agreed.agreed_at!.getTime() + RULES.fundingWindowMs);
    await expect(fund(jobId)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('never funding: the job ends by itself and nothing was held', async () => {
    const jobId = await propose();
    await accept(jobId);
    await silence(4 * DAY);
    expect(await read(jobId)).toMatchObject({ status: 'cancelled', outcome: 'expired' });
    expect(await purses()).toEqual({ client: 0n, seller: 0n });
  });

  test('countering below the penalties: the terms that would result are refused and nothing changes', async () => {
    const jobId = await propose();
    const before = await read(jobId);
    const counter = harness.run((op) => counterJob(op, { jobId, actorId: seller, price: BOND - 1n }));
    await expect(counter).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'seller_abort_penalty' }],
    });
    expect(await read(jobId)).toEqual(before);
  });

  test('countering for ever: the rounds end, and the last offer stands to be accepted', async () => {
    const jobId = await propose();
    for (const actorId of [seller, client, seller]) {
      await harness.run((op) => counterJob(op, { jobId, actorId, price: PRICE }));
    }
    const more = harness.run((op) => counterJob(op, { jobId, actorId: client, price: PRICE }));
    await expect(more).rejects.toMatchObject({ code: 'rounds_exhausted' });
    await expect(accept(jobId)).rejects.toMatchObject({ code: 'own_offer' });
    await harness.run((op) => acceptJob(op, { jobId, actorId: client, criteriaHash: null }));
  });

  test('never completing: silence after delivery pays the seller', async () => {
    const jobId = await working();
    await deliver(jobId);
    await silence(4 * DAY);
    expect(await read(jobId)).toMatchObject({ status: 'completed', outcome: 'review_window_over' });
    expect(await purses()).toEqual({ client: -PRICE, seller: PRICE - FEE });
  });

  test('never asking for the verdict: the run starts by itself and pays', async () => {
    const jobId = await working({ criteria: true });
    await deliver(jobId);
    await judge(jobId, 'pass');
    expect(await purses()).toEqual({ client: -PRICE, seller: PRICE - FEE });
  });

  test('aborting after delivery: it is too late', async () => {
    const jobId = await working();
    await deliver(jobId);
    const abort = harness.run((op) => abortJob(op, { jobId, actorId: client, reason: null }));
    await expect(abort).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('aborting while the seller works: its penalty goes to the seller, and the bond back', async () => {
    const jobId = await working();
    await harness.run((op) => abortJob(op, { jobId, actorId: client, reason: null }));
    expect(await purses()).toEqual({ client: -PENALTY, seller: PENALTY });
  });

  test('failing everything: the seller keeps its bond and may have an operator decide', async () => {
    const jobId = await working();
    await deliver(jobId);
    await harness.run((op) => failJob(op, { jobId, actorId: client, reason: null }));
    expect(await purses()).toEqual({ client: -PRICE, seller: -BOND });
    await harness.run((op) => disputeJob(op, { jobId, actorId: seller, reason: 'it was fine' }));
    await silence(15 * DAY);
    expect(await read(jobId)).toMatchObject({ status: 'resolved', outcome: 'failed_by_client' });
    expect(await purses()).toEqual({ client: 0n, seller: 0n });
  });

  test('failing or completing a job that its own criteria decide', async () => {
    const jobId = await working({ criteria: true });
    await deliver(jobId);
    for (const verb of [completeJob, failJob]) {
      const attempt = harness.run((op) => verb(op, { jobId, actorId: client, reason: null }));
      await expect(attempt).rejects.toMatchObject({ code: 'criteria_decide' });
    }
  });

  test('a script that crashes the harness: three times, then an operator, and in the end the seller has its bond back', async () => {
    const jobId = await working({ criteria: true });
    await deliver(jobId);
    const { run_id: runId } = await harness.deps.db
      .selectFrom('verification_runs')
      .select('run_id')
      .where('job_id', '=', jobId)
      .executeTakeFirstOrThrow();
    for (let error = 1; error <= HARNESS_ERRORS_MAX; error += 1) {
      const claim = await harness.run((op) => claimRun(op, { runId }));
      if (claim.kind !== 'claimed') throw new Error('not claimed');
      const { disputed } = await harness.run((op) =>
        recordRunError(op, { runId, token: claim.token, canaryPassed: true }),
      );
      expect(disputed).toBe(error === HARNESS_ERRORS_MAX);
    }
    expect(await read(jobId)).toMatchObject({ status: 'disputed', outcome: 'verification_unavailable' });
    await silence(15 * DAY);
    expect(await purses()).toEqual({ client: 0n, seller: 0n });
  });
});

describe('a seller cannot hurt a client by', () => {
  test('never starting: price and bond go to the client at once, without dispute', async () => {
    const jobId = await propose();
    await accept(jobId);
    await fund(jobId);
    await silence(11 * DAY);
    expect(await read(jobId)).toMatchObject({ status: 'failed', outcome: 'never_delivered' });
    expect(await purses()).toEqual({ client: BOND, seller: -BOND });
    const dispute = harness.run((op) => disputeJob(op, { jobId, actorId: seller, reason: null }));
    await expect(dispute).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('delivering after the deadline: it is refused, even when the alarm has not rung', async () => {
    const jobId = await working({ deadlineDays: 1 });
    harness.time.now = (await read(jobId)).delivery_deadline!;
    await expect(deliver(jobId)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('delivering rubbish without end: the deliveries are used up', async () => {
    const jobId = await working({ criteria: true });
    for (let delivery = 1; delivery <= RULES.maxDeliveries; delivery += 1) {
      await deliver(jobId);
      await judge(jobId, 'fail');
    }
    expect(await read(jobId)).toMatchObject({
      status: 'failed',
      outcome: 'deliveries_used_up',
      settled_at: null,
    });
    await silence(4 * DAY);
    expect(await purses()).toEqual({ client: BOND, seller: -BOND });
  });

  test('disputing everything: an operator who is away changes nothing of who gets what', async () => {
    const jobId = await working({ criteria: true });
    for (let delivery = 1; delivery <= RULES.maxDeliveries; delivery += 1) {
      await deliver(jobId);
      await judge(jobId, 'fail');
    }
    await harness.run((op) => disputeJob(op, { jobId, actorId: seller, reason: null }));
    await silence(15 * DAY);
    expect(await read(jobId)).toMatchObject({ status: 'resolved', outcome: 'deliveries_used_up' });
    expect(await purses()).toEqual({ client: BOND, seller: -BOND });
  });

  test('aborting: the client gets its price and the bond', async () => {
    const jobId = await working();
    await harness.run((op) => abortJob(op, { jobId, actorId: seller, reason: null }));
    expect(await purses()).toEqual({ client: BOND, seller: -BOND });
  });
});

describe('the clock', () => {
  test('stops at delivery: on FAIL the deadline moves by the time the verdict took', async () => {
    const jobId = await working({ criteria: true, deadlineDays: 2 });
    await deliver(jobId);
    const before = (await read(jobId)).delivery_deadline!;
    await silence(20 * HOUR);
    await judge(jobId, 'fail');
    expect((await read(jobId)).delivery_deadline!.getTime() - before.getTime()).toBe(20 * HOUR);
  });

  test('an outage of the test-runner is never a FAIL, and costs the seller no time', async () => {
    const jobId = await working({ criteria: true, deadlineDays: 1 });
    await deliver(jobId);
    const { run_id: runId } = await harness.deps.db
      .selectFrom('verification_runs')
      .select('run_id')
      .where('job_id', '=', jobId)
      .executeTakeFirstOrThrow();
    for (let hour = 0; hour < 23; hour += 1) {
      const claim = await harness.run((op) => claimRun(op, { runId }));
      if (claim.kind !== 'claimed') throw new Error('not claimed');
      await harness.run((op) => recordRunError(op, { runId, token: claim.token, canaryPassed: false }));
      await silence(HOUR);
    }
    expect(await read(jobId)).toMatchObject({ status: 'verifying' });
    await silence(2 * HOUR);
    expect(await read(jobId)).toMatchObject({ status: 'disputed', outcome: 'verification_unavailable' });
  });

  test('a run given back, or whose worker died, is taken over when its lease is out; the late verdict changes nothing', async () => {
    const jobId = await working({ criteria: true });
    await deliver(jobId);
    const { run_id: runId } = await harness.deps.db
      .selectFrom('verification_runs')
      .select('run_id')
      .where('job_id', '=', jobId)
      .executeTakeFirstOrThrow();
    const first = await harness.run((op) => claimRun(op, { runId }));
    if (first.kind !== 'claimed') throw new Error('not claimed');
    expect(await harness.run((op) => claimRun(op, { runId }))).toEqual({ kind: 'busy' });
    harness.time.now = new Date(harness.time.now.getTime() + 391_000);
    const second = await harness.run((op) => claimRun(op, { runId }));
    if (second.kind !== 'claimed') throw new Error('not claimed');
    const late = await harness.run((op) =>
      settleVerification(op, { runId, token: first.token, response: verdict('fail') }),
    );
    expect(late).toEqual({ settled: false });
    await harness.run((op) => releaseRun(op, { runId, token: second.token }));
    const third = await harness.run((op) => claimRun(op, { runId }));
    expect(third.kind).toBe('claimed');
  });

  test('the seller is warned once an hour before the deadline, and again when the deadline has moved', async () => {
    const jobId = await working({ criteria: true, deadlineDays: 2 });
    await silence(2 * DAY - HOUR + 1);
    const warnings = () =>
      harness.deps.db
        .selectFrom('events')
        .select('body')
        .where('job_id', '=', jobId)
        .where('type', '=', 'job.deadline_warning')
        .execute();
    expect(await warnings()).toHaveLength(1);
    await deliver(jobId);
    await silence(10 * HOUR);
    await judge(jobId, 'fail');
    await silence(30 * 60_000);
    expect(await warnings()).toHaveLength(2);
  });

  test('a deadline beyond the horizon of Cloud Tasks is chained: the early alarm sets the next', async () => {
    const jobId = await working({ deadlineDays: 100 });
    const before = await harness.deps.db
      .selectFrom('outbox')
      .select('generation')
      .where('subject', '=', `${jobId}:delivery_deadline`)
      .executeTakeFirstOrThrow();
    harness.time.now = new Date(harness.time.now.getTime() + 29 * DAY);
    expect(await harness.run((op) => actOnTimer(op, { jobId, timer: 'delivery_deadline' }))).toBe('early');
    const after = await harness.deps.db
      .selectFrom('outbox')
      .select('generation')
      .where('subject', '=', `${jobId}:delivery_deadline`)
      .executeTakeFirstOrThrow();
    expect(after.generation).toBe(before.generation + 1);
  });
});
