import { beforeEach, expect, test } from '@jest/globals';
import { DAY, RULES, useHarness } from '../testing/harness.ts';
import {
  BOND,
  FEE,
  type Party,
  PENALTY,
  PRICE,
  type TwoParties,
  twoParties,
} from '../testing/two-parties.ts';
import { acceptJob } from './accept-job.ts';
import { completeJob, failJob } from './decide-job.ts';
import { HARNESS_ERRORS_MAX, recordRunError } from './verify-run.ts';

const harness = useHarness();
let at: TwoParties;
beforeEach(async () => {
  at = await twoParties(harness);
});

test('a client cannot hurt a seller by funding at the last second: the deadline moves by as long as funding took', async () => {
  const jobId = await at.propose({ deadlineDays: 4 });
  const agreed = await at.accept(jobId);
  harness.time.now = new Date(agreed.agreed_at!.getTime() + RULES.fundingWindowMs - 1);
  const funded = await at.fund(jobId);
  const left = funded.delivery_deadline!.getTime() - harness.time.now.getTime();
  expect(left).toBe(4 * DAY);
});

test('a client cannot hurt a seller by funding after the window: it is refused, even before the timer acts', async () => {
  const jobId = await at.propose();
  const agreed = await at.accept(jobId);
  harness.time.now = new Date(agreed.agreed_at!.getTime() + RULES.fundingWindowMs);
  await expect(at.fund(jobId)).rejects.toMatchObject({ code: 'invalid_state' });
});

test('a client cannot hurt a seller by never funding: the job ends by itself and nothing was held', async () => {
  const jobId = await at.propose();
  await at.accept(jobId);
  await at.silence(4 * DAY);
  expect(await at.read(jobId)).toMatchObject({ status: 'cancelled', outcome: 'expired' });
  expect(await at.purses()).toEqual({ client: 0n, seller: 0n });
});

test('a client cannot hurt a seller by countering below the penalties: the terms that would result are refused and nothing changes', async () => {
  const jobId = await at.propose();
  const before = await at.read(jobId);
  const counter = at.counter(jobId, 'seller', BOND - 1n);
  await expect(counter).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ path: 'seller_abort_penalty' }],
  });
  expect(await at.read(jobId)).toEqual(before);
});

test('a client cannot hurt a seller by countering for ever: the rounds end, and the last offer stands to be accepted', async () => {
  const jobId = await at.propose();
  for (const by of ['seller', 'client', 'seller'] as const) await at.counter(jobId, by, PRICE);
  const more = at.counter(jobId, 'client', PRICE);
  await expect(more).rejects.toMatchObject({ code: 'rounds_exhausted' });
  await expect(at.accept(jobId)).rejects.toMatchObject({ code: 'own_offer' });
  await at.accept(jobId, 'client');
});

test('a client cannot hurt a seller by countering alone until the rounds are gone: a proposal is amended once, a counter-offer never by who made it', async () => {
  const jobId = await at.propose();
  const by = (party: Party) => at.counter(jobId, party, PRICE);
  expect(await by('client')).toMatchObject({ current_round: 1 });
  await expect(by('client')).rejects.toMatchObject({ code: 'own_offer' });
  expect(await by('seller')).toMatchObject({ current_round: 2 });
  await expect(by('seller')).rejects.toMatchObject({ code: 'own_offer' });
  expect(await at.read(jobId)).toMatchObject({ current_round: 2, last_offer_by: at.seller });
});

test('a client cannot hurt a seller by lowering the price while the seller reads: who names the round accepts what was read, or nothing', async () => {
  const jobId = await at.propose();
  const { current_round: round } = await at.read(jobId);
  await at.counter(jobId, 'client', PRICE - 1n);
  const accepting = (round: number) =>
    harness.run((op) => acceptJob(op, { jobId, actorId: at.seller, criteriaHash: null, round }));
  await expect(accepting(round)).rejects.toMatchObject({
    code: 'invalid_state',
    detail: 'The offer on the table is of round 1, not 0: read the job again.',
  });
  expect(await at.read(jobId)).toMatchObject({ status: 'negotiating', price: PRICE - 1n });
  await accepting(round + 1);
  expect(await at.read(jobId)).toMatchObject({ status: 'agreed' });
});

test('a client cannot hurt a seller by never completing: silence after delivery pays the seller', async () => {
  const jobId = await at.delivered();
  await at.silence(4 * DAY);
  expect(await at.read(jobId)).toMatchObject({ status: 'completed', outcome: 'review_window_over' });
  expect(await at.purses()).toEqual({ client: -PRICE, seller: PRICE - FEE });
});

test('a client cannot hurt a seller by never asking for the verdict: the run starts by itself and pays', async () => {
  const jobId = await at.delivered({ criteria: true });
  await at.recordVerdict(jobId, 'pass');
  expect(await at.purses()).toEqual({ client: -PRICE, seller: PRICE - FEE });
});

test('a client cannot hurt a seller by aborting after delivery: it is too late', async () => {
  const jobId = await at.delivered();
  const abort = at.abort(jobId, 'client');
  await expect(abort).rejects.toMatchObject({ code: 'invalid_state' });
});

test('a client cannot hurt a seller by aborting while the seller works: its penalty goes to the seller, and the bond back', async () => {
  const jobId = await at.working();
  await at.abort(jobId, 'client');
  expect(await at.purses()).toEqual({ client: -PENALTY, seller: PENALTY });
});

test('a client cannot hurt a seller by failing everything: the seller keeps its bond and may have an operator decide', async () => {
  const jobId = await at.failed();
  expect(await at.purses()).toEqual({ client: -PRICE, seller: -BOND });
  await at.dispute(jobId);
  await at.silence(15 * DAY);
  expect(await at.read(jobId)).toMatchObject({ status: 'resolved', outcome: 'failed_by_client' });
  expect(await at.purses()).toEqual({ client: 0n, seller: 0n });
});

test('a client cannot hurt a seller by failing or completing a job that its own criteria decide', async () => {
  const jobId = await at.delivered({ criteria: true });
  for (const verb of [completeJob, failJob]) {
    const attempt = harness.run((op) => verb(op, { jobId, actorId: at.client, reason: null }));
    await expect(attempt).rejects.toMatchObject({ code: 'criteria_decide' });
  }
});

test('a client cannot hurt a seller by a script that crashes the harness: three times, then an operator, and in the end the seller has its bond back', async () => {
  const jobId = await at.delivered({ criteria: true });
  for (let error = 1; error <= HARNESS_ERRORS_MAX; error += 1) {
    const leased = await at.lease(jobId);
    const { disputed } = await harness.run((op) =>
      recordRunError(op, { ...leased, isRetried: true, canaryPassed: true }),
    );
    expect(disputed).toBe(error === HARNESS_ERRORS_MAX);
  }
  expect(await at.read(jobId)).toMatchObject({ status: 'disputed', outcome: 'verification_unavailable' });
  await at.silence(15 * DAY);
  expect(await at.purses()).toEqual({ client: 0n, seller: 0n });
});

test('a seller cannot hurt a client by never starting: price and bond go to the client at once, without dispute', async () => {
  const jobId = await at.propose();
  await at.accept(jobId);
  await at.fund(jobId);
  await at.silence(11 * DAY);
  expect(await at.read(jobId)).toMatchObject({ status: 'failed', outcome: 'never_delivered' });
  expect(await at.purses()).toEqual({ client: BOND, seller: -BOND });
  const dispute = at.dispute(jobId);
  await expect(dispute).rejects.toMatchObject({ code: 'invalid_state' });
});

test('a seller cannot hurt a client by delivering after the deadline: it is refused, even before the timer acts', async () => {
  const jobId = await at.working({ deadlineDays: 1 });
  harness.time.now = (await at.read(jobId)).delivery_deadline!;
  await expect(at.deliver(jobId)).rejects.toMatchObject({ code: 'invalid_state' });
});

test('a seller cannot hurt a client by delivering rubbish without end: the deliveries are used up', async () => {
  const jobId = await at.working({ criteria: true });
  for (let delivery = 1; delivery <= RULES.maxDeliveries; delivery += 1) {
    await at.deliver(jobId);
    await at.recordVerdict(jobId, 'fail');
  }
  expect(await at.read(jobId)).toMatchObject({
    status: 'failed',
    outcome: 'deliveries_used_up',
    settled_at: null,
  });
  await at.silence(4 * DAY);
  expect(await at.purses()).toEqual({ client: BOND, seller: -BOND });
});

test('a seller cannot hurt a client by disputing everything: an operator who is away changes nothing of who gets what', async () => {
  const jobId = await at.working({ criteria: true });
  for (let delivery = 1; delivery <= RULES.maxDeliveries; delivery += 1) {
    await at.deliver(jobId);
    await at.recordVerdict(jobId, 'fail');
  }
  await at.dispute(jobId);
  await at.silence(15 * DAY);
  expect(await at.read(jobId)).toMatchObject({ status: 'resolved', outcome: 'deliveries_used_up' });
  expect(await at.purses()).toEqual({ client: BOND, seller: -BOND });
});

test('a seller cannot hurt a client by aborting: the client gets its price and the bond', async () => {
  const jobId = await at.working();
  await at.abort(jobId, 'seller');
  expect(await at.purses()).toEqual({ client: BOND, seller: -BOND });
});
