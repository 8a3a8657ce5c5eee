import { listNegotiationEntries } from '@agent-registry/db';
import { describe, expect, test } from '@jest/globals';
import { DAY, useHarness, verdict } from '../testing/harness.ts';
import { BOND, FEE, type Party, PRICE, type TwoParties, twoParties } from '../testing/two-parties.ts';
import { actOnTimer } from './act-on-timer.ts';
import { negotiationFault } from './append-negotiation.ts';
import { acceptSettlement, offerSettlement, SETTLEMENT_OFFERS_MAX } from './settle-by-agreement.ts';
import { factsOf } from './settle-job.ts';
import { settleVerification } from './settle-verification.ts';

const ROUNDS = 8;
const HELD = PRICE + BOND;
const harness = useHarness();

const offer = (at: TwoParties, by: Party, jobId: string, sellerShare: bigint) =>
  harness.run(async (op) => {
    const shares = { clientShare: HELD - sellerShare, sellerShare };
    const job = await offerSettlement(op, { jobId, actorId: at[by], ...shares, note: null });
    return job.negotiation.at(-1)!.hash;
  });
const accept = (at: TwoParties, by: Party, jobId: string, offerHash: string) =>
  harness.run((op) => acceptSettlement(op, { jobId, actorId: at[by], offerHash }));
/** Which of these had their way. */
const winners = async (...tries: (() => Promise<unknown>)[]) =>
  (await Promise.allSettled(tries.map((attempt) => attempt()))).map(({ status }) => status === 'fulfilled');

describe('parties that settle a job themselves', () => {
  test('the shares that were offered are paid, the fee taken of what the seller gets above its bond, and the log holds it all', async () => {
    const at = await twoParties(harness);
    const jobId = await at.working();
    const hash = await offer(at, 'client', jobId, BOND + PRICE / 2n);
    const { status, outcome, resolved_by } = await accept(at, 'seller', jobId, hash);
    expect({ status, outcome, resolved_by }).toEqual({
      status: 'resolved',
      outcome: 'resolved',
      resolved_by: 'agreement',
    });
    expect(await at.purses()).toEqual({ client: -PRICE / 2n, seller: PRICE / 2n - FEE / 2n });
    const log = await listNegotiationEntries(harness.deps.db, [jobId]);
    expect(negotiationFault(log)).toBeNull();
    expect(log.slice(-2).map(({ entry }) => JSON.parse(entry))).toMatchObject([
      { kind: 'settlement_offer', by: at.client, client_share: '50.00', seller_share: '60.00' },
      {
        kind: 'settlement_accept',
        by: at.seller,
        client_share: '50.00',
        seller_share: '60.00',
        offer_hash: hash,
      },
    ]);
  });

  test('a settlement takes the task of the job’s run off the outbox, and no other job’s', async () => {
    const at = await twoParties(harness);
    const jobId = await at.delivered({ criteria: true });
    const [run, other] = [await at.runOf(jobId), await at.runOf(await at.delivered({ criteria: true }))];
    const waiting = async () => {
      const due = harness.deps.db.selectFrom('outbox').select('subject').where('kind', '=', 'verification');
      return (await due.where('subject', 'in', [run, other]).execute()).map(({ subject }) => subject);
    };
    expect((await waiting()).toSorted()).toEqual([run, other].toSorted());
    await accept(at, 'client', jobId, await offer(at, 'seller', jobId, BOND));
    expect(await waiting()).toEqual([other]);
  });

  test('a settlement of a failed job that gives the seller nothing blames nobody', async () => {
    const at = await twoParties(harness);
    const jobId = await at.failed();
    await at.dispute(jobId);
    await accept(at, 'client', jobId, await offer(at, 'seller', jobId, 0n));
    expect(factsOf(await at.read(jobId)).fault).toBeNull();
    expect(await at.purses()).toEqual({ client: BOND, seller: -BOND });
  });

  test('shares that are not what the job holds are refused, and say what it holds', async () => {
    const at = await twoParties(harness);
    const jobId = await at.working();
    for (const sellerShare of [0n, HELD])
      await expect(
        harness.run((op) =>
          offerSettlement(op, { jobId, actorId: at.client, clientShare: 1n, sellerShare, note: null }),
        ),
      ).rejects.toMatchObject({ code: 'validation_failed', detail: expect.stringContaining('110.00') });
  });

  test('an offer that is not the newest, or one’s own, cannot be accepted', async () => {
    const at = await twoParties(harness);
    const jobId = await at.working();
    const old = await offer(at, 'client', jobId, 1n);
    const newest = await offer(at, 'client', jobId, 2n);
    await expect(accept(at, 'seller', jobId, old)).rejects.toMatchObject({
      code: 'invalid_state',
      detail: expect.stringContaining(newest),
    });
    await expect(accept(at, 'client', jobId, newest)).rejects.toMatchObject({ code: 'own_offer' });
    await accept(at, 'seller', jobId, newest);
    await expect(accept(at, 'seller', jobId, newest)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('an offer ends with a delivery, with a verdict, and with time', async () => {
    const at = await twoParties(harness);
    const jobId = await at.working({ criteria: true });
    const early = await offer(at, 'seller', jobId, BOND);
    await at.deliver(jobId);
    await expect(accept(at, 'client', jobId, early)).rejects.toMatchObject({ code: 'invalid_state' });
    const judged = await offer(at, 'seller', jobId, BOND);
    await at.recordVerdict(jobId, 'fail');
    await expect(accept(at, 'client', jobId, judged)).rejects.toMatchObject({ code: 'invalid_state' });
    const last = await offer(at, 'seller', jobId, BOND);
    harness.advance(20 * DAY);
    await expect(accept(at, 'client', jobId, last)).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(offer(at, 'client', jobId, BOND)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('a stranger, a job that holds nothing yet, and one that was paid take no offer', async () => {
    const at = await twoParties(harness);
    const stranger = { ...at, client: await harness.newAgent('stranger', 0n) };
    const jobId = await at.propose();
    await expect(offer(at, 'client', jobId, 1n)).rejects.toMatchObject({ code: 'invalid_state' });
    await at.accept(jobId);
    await at.work(jobId);
    await expect(offer(stranger, 'client', jobId, 1n)).rejects.toMatchObject({ code: 'not_found' });
    await at.silence(11 * DAY);
    expect((await at.read(jobId)).status).toBe('failed');
    await expect(offer(at, 'seller', jobId, 1n)).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('each party makes a bounded number of offers, and the other’s are its own', async () => {
    const at = await twoParties(harness);
    const jobId = await at.working();
    for (let made = 0; made < SETTLEMENT_OFFERS_MAX; made += 1) await offer(at, 'client', jobId, 1n);
    await expect(offer(at, 'client', jobId, 1n)).rejects.toMatchObject({ code: 'rounds_exhausted' });
    await accept(at, 'client', jobId, await offer(at, 'seller', jobId, 2n));
  });

  test('a settlement ends a test run without a verdict, and one that comes later counts for nothing', async () => {
    const at = await twoParties(harness);
    const jobId = await at.delivered({ criteria: true });
    const { runId, token } = await at.lease(jobId);
    await accept(at, 'client', jobId, await offer(at, 'seller', jobId, BOND));
    const response = verdict('pass');
    const late = await harness.run((op) => settleVerification(op, { runId, token, response }));
    expect(late).toEqual({ settled: false });
    const run = await harness.deps.db
      .selectFrom('verification_runs')
      .select('status')
      .where('run_id', '=', runId)
      .executeTakeFirstOrThrow();
    expect(run.status).toBe('abandoned');
    expect(await at.purses()).toEqual({ client: 0n, seller: 0n });
  });
});

describe('settlements that race', () => {
  test('of two that accept one offer at once, one is paid and the ledger balances', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await twoParties(harness);
      const jobId = await at.working();
      const hash = await offer(at, 'client', jobId, BOND);
      const take = () => accept(at, 'seller', jobId, hash);
      expect((await winners(take, take)).filter(Boolean)).toHaveLength(1);
      expect(await at.purses()).toEqual({ client: 0n, seller: 0n });
    }
  });

  test('each party accepting the other’s offer at once pays the newest only', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await twoParties(harness);
      const jobId = await at.working();
      const ofClient = await offer(at, 'client', jobId, 0n);
      const ofSeller = await offer(at, 'seller', jobId, BOND);
      const [sellerWon, clientWon] = await winners(
        () => accept(at, 'seller', jobId, ofClient),
        () => accept(at, 'client', jobId, ofSeller),
      );
      expect([sellerWon, clientWon]).toEqual([false, true]);
      expect(await at.purses()).toEqual({ client: 0n, seller: 0n });
    }
  });

  test('an accept against a counter-offer pays what was named, or is refused', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await twoParties(harness);
      const jobId = await at.working();
      const hash = await offer(at, 'client', jobId, BOND);
      const tries = [() => accept(at, 'seller', jobId, hash), () => offer(at, 'client', jobId, 0n)];
      const won = await winners(...(round % 2 === 0 ? tries : tries.reverse()));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await at.purses()).toMatchObject(
        (await at.read(jobId)).status === 'resolved' ? { client: 0n, seller: 0n } : { client: -PRICE },
      );
    }
  });

  test('an accept against the verdict: the job is settled, or paid by the verdict, and once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await twoParties(harness);
      const jobId = await at.delivered({ criteria: true });
      const leased = await at.lease(jobId);
      const hash = await offer(at, 'seller', jobId, BOND);
      const response = verdict('pass');
      const tries = [
        () => accept(at, 'client', jobId, hash),
        () => harness.run((op) => settleVerification(op, { ...leased, response })),
      ];
      await winners(...(round % 2 === 0 ? tries : tries.reverse()));
      const { status } = await at.read(jobId);
      const paid = {
        completed: { client: -PRICE, seller: PRICE - FEE },
        resolved: { client: 0n, seller: 0n },
      };
      expect(await at.purses()).toEqual(paid[status as keyof typeof paid]);
    }
  });

  test('an accept or an offer against an abort, and against the end of a dispute: one of both decides', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await twoParties(harness);
      const jobId = await at.working();
      const hash = await offer(at, 'client', jobId, HELD);
      const won = await winners(
        () => accept(at, 'seller', jobId, hash),
        () => at.abort(jobId, 'seller'),
        () => offer(at, 'seller', jobId, 0n),
      );
      const { status } = await at.read(jobId);
      expect(['resolved', 'cancelled']).toContain(status);
      expect(won.slice(0, 2).filter(Boolean)).toHaveLength(1);
      await at.purses();
    }
    const at = await twoParties(harness);
    const jobId = await at.failed();
    await at.dispute(jobId);
    const hash = await offer(at, 'client', jobId, BOND);
    harness.advance(15 * DAY);
    await winners(
      () => accept(at, 'seller', jobId, hash),
      () => harness.run((op) => actOnTimer(op, { jobId, timer: 'dispute_resolution' })),
    );
    expect(await at.read(jobId)).toMatchObject({ status: 'resolved', resolved_by: 'time' });
    await at.purses();
  });
});
