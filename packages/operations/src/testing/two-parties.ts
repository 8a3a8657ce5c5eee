import { findBalance, findJob, findLedgerFaults, type JobRow } from '@agent-registry/db';
import type { JobTimer } from '@agent-registry/schemas';
import { abortJob } from '../jobs/abort-job.ts';
import { acceptJob } from '../jobs/accept-job.ts';
import { actOnTimer } from '../jobs/act-on-timer.ts';
import { cancelJob } from '../jobs/cancel-job.ts';
import { counterJob } from '../jobs/counter-job.ts';
import { completeJob, disputeJob, failJob } from '../jobs/decide-job.ts';
import { deliverJob } from '../jobs/deliver-job.ts';
import { fundJob } from '../jobs/fund-job.ts';
import { proposeJob } from '../jobs/propose-job.ts';
import { settleVerification } from '../jobs/settle-verification.ts';
import { startJob } from '../jobs/start-job.ts';
import { claimRun } from '../jobs/verify-run.ts';
import { createReview } from '../reviews/create-review.ts';
import { DAY, type Harness, verdict } from './harness.ts';

export const PRICE = 10_000n;
export const BOND = 1_000n;
export const PENALTY = 500n;
export const FEE = 250n;
const PURSE = 100_000n;
const HASH = 'c'.repeat(64);

export interface Terms {
  readonly criteria?: boolean;
  readonly deadlineDays?: number;
  /** Cents; the penalties are 0 unless it is PRICE. */
  readonly price?: bigint;
  /** Another seller than the usual one. */
  readonly seller?: string;
}

export type Party = 'client' | 'seller';

/** A client and a seller with equal purses, and what they do with a job between them. */
export interface TwoParties {
  readonly client: string;
  readonly seller: string;
  propose(terms?: Terms): Promise<string>;
  /** `price` in cents. */
  counter(jobId: string, by: Party, price: bigint): Promise<JobRow>;
  /** The seller accepts unless the client is named. */
  accept(jobId: string, by?: Party): Promise<JobRow>;
  cancel(jobId: string, by: Party): Promise<JobRow>;
  fund(jobId: string): Promise<JobRow>;
  /** Funds an agreed job and begins it. */
  work(jobId: string): Promise<void>;
  abort(jobId: string, by: Party): Promise<JobRow>;
  deliver(jobId: string): Promise<JobRow>;
  complete(jobId: string): Promise<JobRow>;
  fail(jobId: string): Promise<JobRow>;
  /** The seller disputes unless the client is named. */
  dispute(jobId: string, by?: Party): Promise<JobRow>;
  /** The client reviews unless the seller is named. */
  review(jobId: string, rating: number, by?: Party): Promise<void>;
  /** A job that the seller works on. */
  working(terms?: Terms): Promise<string>;
  /** A job that the seller has delivered. */
  delivered(terms?: Terms): Promise<string>;
  /** A job that the client has paid. */
  completed(terms?: Terms): Promise<string>;
  /** A job that the client has failed. */
  failed(terms?: Terms): Promise<string>;
  read(jobId: string): Promise<JobRow>;
  /** The newest verification run of a job. */
  runOf(jobId: string): Promise<string>;
  /** Has a worker lease that run. */
  lease(jobId: string): Promise<{ runId: string; token: string }>;
  recordVerdict(jobId: string, kind: 'pass' | 'fail'): Promise<void>;
  /** Lets time pass with nobody acting, every timer acted on at its time. */
  silence(ms: number): Promise<void>;
  /** What each has gained; the whole ledger must be sound. */
  purses(): Promise<{ client: bigint; seller: bigint }>;
}

/** Registers them, unless one is there already. */
export async function twoParties(harness: Harness, known: { seller?: string } = {}): Promise<TwoParties> {
  const client = await harness.newAgent('client', PURSE);
  const seller = known.seller ?? (await harness.newAgent('seller', PURSE));
  const { db } = harness.deps;
  const read = async (jobId: string): Promise<JobRow> => (await findJob(db, jobId))!;
  const gainOf = async (ownerId: string): Promise<bigint> =>
    ((await findBalance(db, { kind: 'agent', ownerId })) ?? 0n) - PURSE;
  const withCriteria = new Set<string>();
  const at: TwoParties = {
    client,
    seller,
    read,
    async propose({ criteria = false, deadlineDays = 10, price = PRICE, seller: sellerId = seller } = {}) {
      const job = await harness.run((op) =>
        proposeJob(op, {
          clientId: client,
          sellerId,
          price,
          clientAbortPenalty: price === PRICE ? PENALTY : 0n,
          sellerAbortPenalty: price === PRICE ? BOND : 0n,
          listingId: null,
          requirements: null,
          criteria: criteria ? { text: '{"tests":[]}', hash: HASH, legacyHash: HASH } : null,
          deadline: new Date(harness.time.now.getTime() + deadlineDays * DAY),
          maxRounds: 3,
        }),
      );
      if (criteria) withCriteria.add(job.job_id);
      return job.job_id;
    },
    counter: (jobId, by, price) => harness.run((op) => counterJob(op, { jobId, actorId: at[by], price })),
    accept: (jobId, by = 'seller') => {
      const criteriaHash = withCriteria.has(jobId) ? HASH : null;
      return harness.run((op) => acceptJob(op, { jobId, actorId: at[by], criteriaHash }));
    },
    cancel: (jobId, by) => harness.run((op) => cancelJob(op, { jobId, actorId: at[by], reason: null })),
    fund: (jobId) => harness.run((op) => fundJob(op, { jobId, actorId: client })),
    async work(jobId) {
      await at.fund(jobId);
      await harness.run((op) => startJob(op, { jobId, actorId: seller }));
    },
    abort: (jobId, by) => harness.run((op) => abortJob(op, { jobId, actorId: at[by], reason: null })),
    deliver: (jobId) => harness.run((op) => deliverJob(op, { jobId, actorId: seller, result: '{"n":1}' })),
    complete: (jobId) => harness.run((op) => completeJob(op, { jobId, actorId: client })),
    fail: (jobId) => harness.run((op) => failJob(op, { jobId, actorId: client, reason: null })),
    dispute: (jobId, by = 'seller') =>
      harness.run((op) => disputeJob(op, { jobId, actorId: at[by], reason: null })),
    async review(jobId, rating, by = 'client') {
      const review = { jobId, actorId: at[by], rating, tags: [], comment: null };
      await harness.run((op) => createReview(op, review));
    },
    async working(terms) {
      const jobId = await at.propose(terms);
      await at.accept(jobId);
      await at.work(jobId);
      return jobId;
    },
    async delivered(terms) {
      const jobId = await at.working(terms);
      await at.deliver(jobId);
      return jobId;
    },
    async completed(terms) {
      const jobId = await at.delivered(terms);
      await at.complete(jobId);
      return jobId;
    },
    async failed(terms) {
      const jobId = await at.delivered(terms);
      await at.fail(jobId);
      return jobId;
    },
    async runOf(jobId) {
      const { run_id: runId } = await db
        .selectFrom('verification_runs')
        .select('run_id')
        .where('job_id', '=', jobId)
        .orderBy('delivery', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      return runId;
    },
    async lease(jobId) {
      const runId = await at.runOf(jobId);
      const claim = await harness.run((op) => claimRun(op, { runId }));
      if (claim.kind !== 'claimed') throw new Error(`the run is ${claim.kind}`);
      return { runId, token: claim.token };
    },
    async recordVerdict(jobId, kind) {
      const leased = await at.lease(jobId);
      await harness.run((op) => settleVerification(op, { ...leased, response: verdict(kind) }));
    },
    async silence(ms) {
      const until = new Date(harness.time.now.getTime() + ms);
      for (let rung = 0; rung < 50; rung += 1) {
        const due = await db
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
    },
    async purses() {
      const faults = await findLedgerFaults(db);
      if (faults.length > 0) throw new Error(`the ledger is not sound: ${JSON.stringify(faults)}`);
      return { client: await gainOf(client), seller: await gainOf(seller) };
    },
  };
  return at;
}
