import { createDb, type Db } from '@agent-registry/db';
import { createTestDatabase, type TestDatabase } from '@agent-registry/db/testing';
import { encodeLeaf } from '@agent-registry/log';
import {
  acceptJob,
  claimRejudgement,
  claimRun,
  closeRecallCase,
  commit,
  completeJob,
  createReview,
  deliverJob,
  depositCredits,
  fundJob,
  keepLog,
  type Op,
  type OperationDeps,
  openRecall,
  operatorDeposit,
  proposeJob,
  recordRejudgement,
  registerAgent,
  requestRejudgements,
  sequenceLeaves,
  settleVerification,
  startJob,
} from '@agent-registry/operations';
import { RULES, verdict } from '@agent-registry/operations/testing';
import { createIds, systemClock } from '@agent-registry/service-kit';
import { createSealer, criteriaHash, generateKeyPair } from '@agent-registry/signing';

const CRITERIA = { tests: [{ test_id: 't1', type: 'contains', params: { pattern: '1' } }] };
const RESULT = '{"n": 1, "text": "as it was delivered"}';
const FAULTY = 'f'.repeat(64);

export const ORIGIN = 'registry.example/log';
export const SEED = generateKeyPair().privateKey;
const signer = { origin: ORIGIN, seeds: [SEED] };

/** A market in a database of its own, with a log. */
export interface PlayedMarket extends AsyncDisposable {
  readonly database: TestDatabase;
  /** Whom no grant and no trigger holds back. */
  readonly superuser: Db;
  /** A job from its proposal to its review. */
  wholeJob(): Promise<void>;
  /** A job that is paid by its suite, whose verdict is recalled and turns, and is compensated. */
  recalledJob(): Promise<void>;
  /** Leaves of their own, so that the tree grows. */
  addLeaves(count: number): Promise<void>;
  sequence(): Promise<void>;
}

export async function openMarket(): Promise<PlayedMarket> {
  const database = await createTestDatabase();
  const superuser = createDb({ url: database.url('superuser'), poolMax: 1 });
  const ids = createIds(systemClock);
  const deps = {
    db: database.db,
    clock: systemClock,
    ids,
    rules: RULES,
    sealer: createSealer({ currentKey: 'a key for tests, long enough to be taken' }),
  } as OperationDeps;
  const run = async <T>(work: (op: Op) => Promise<T>): Promise<T> => (await commit(deps, work)).value;
  const [clientId, sellerId] = [await newAgent(run), await newAgent(run)];
  return {
    database,
    superuser,
    wholeJob: async () => {
      const jobId = await deliveredJob(run, { clientId, sellerId, hasCriteria: false });
      await run((op) => completeJob(op, { jobId, actorId: clientId }));
      const review = { rating: 4, tags: ['good'], comment: 'well done' };
      await run((op) => createReview(op, { jobId, actorId: clientId, ...review }));
    },
    recalledJob: async () => {
      const jobId = await deliveredJob(run, { clientId, sellerId, hasCriteria: true });
      await recallVerdict(run, await passVerdict(run, database.db, jobId), clientId);
    },
    addLeaves: async (count) => {
      const totals = { agent: '0.00', escrow: '0.00', bond: '0.00', fees: '0.00', mint: '0.00' };
      const rows = Array.from({ length: count }, () => {
        const [id, at] = [ids.next(), systemClock.now()];
        const leaf = encodeLeaf({ v: 1, kind: 'totals', id, time: at.toISOString(), ...totals });
        return { leaf_id: id, kind: 'totals', subject: `!${id}`, leaf, created_at: at };
      });
      await database.db.insertInto('log_leaves').values(rows).execute();
    },
    sequence: async () => {
      await run((op) => keepLog(op, signer));
      await run((op) => sequenceLeaves(op, signer));
    },
    [Symbol.asyncDispose]: async () => {
      await superuser.destroy();
      await database.drop();
    },
  };
}

type Run = <T>(work: (op: Op) => Promise<T>) => Promise<T>;

async function newAgent(run: Run): Promise<string> {
  const { agent } = await run((op) =>
    registerAgent(op, {
      publicKey: generateKeyPair().publicKey,
      isProven: true,
      displayName: 'agent',
      description: null,
      endpointUrl: null,
      agentCardUrl: null,
      hostingMode: null,
      capabilities: [],
    }),
  );
  await run((op) => depositCredits(op, { agentId: agent.agent_id, amount: 100_000n }));
  return agent.agent_id;
}

async function deliveredJob(
  run: Run,
  { clientId, sellerId, hasCriteria }: { clientId: string; sellerId: string; hasCriteria: boolean },
): Promise<string> {
  const hash = criteriaHash(CRITERIA);
  const job = await run((op) =>
    proposeJob(op, {
      clientId,
      sellerId,
      price: 1_000n,
      clientAbortPenalty: 0n,
      sellerAbortPenalty: 100n,
      listingId: null,
      criteria: hasCriteria ? { text: JSON.stringify(CRITERIA), hash, legacyHash: hash } : null,
      maxRounds: 3,
      requirements: '{"n":1}',
      deadline: null,
    }),
  );
  const jobId = job.job_id;
  const agreed = hasCriteria ? hash : null;
  await run((op) => acceptJob(op, { jobId, actorId: sellerId, criteriaHash: agreed }));
  await run((op) => fundJob(op, { jobId, actorId: clientId }));
  await run((op) => startJob(op, { jobId, actorId: sellerId }));
  await run((op) => deliverJob(op, { jobId, actorId: sellerId, result: RESULT }));
  return jobId;
}

/** The run of a job that the faulty runner passes. */
async function passVerdict(run: Run, db: Db, jobId: string): Promise<string> {
  const { run_id: runId } = await db
    .selectFrom('verification_runs')
    .select('run_id')
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  const claim = await run((op) => claimRun(op, { runId }));
  if (claim.kind !== 'claimed') throw new Error(`the run is ${claim.kind}`);
  await run((op) =>
    settleVerification(op, { runId, token: claim.token, response: verdictBy(FAULTY, 'pass') }),
  );
  return runId;
}

async function recallVerdict(run: Run, runId: string, clientId: string): Promise<void> {
  const named = { runnerDigest: FAULTY, reason: 'It took every answer.' };
  const { recall_id: recallId } = await run((op) => openRecall(op, named));
  await run((op) => requestRejudgements(op, { recallId, runIds: [runId] }));
  const claim = await run((op) => claimRejudgement(op, { runId, cycle: 1, generation: 0 }));
  if (claim.kind !== 'claimed') throw new Error(`the verdict is ${claim.kind}`);
  const response = verdictBy('c'.repeat(64), 'fail');
  await run((op) => recordRejudgement(op, { runId, token: claim.token, response }));
  const reference = 'recall-1';
  await run((op) => operatorDeposit(op, { agentId: clientId, amount: 1_000n, reference }));
  await run((op) => closeRecallCase(op, { recallId, runId, reference, note: 'as promised' }));
}

const verdictBy = (digest: string, kind: 'pass' | 'fail') => ({
  ...verdict(kind),
  criteria_hash: criteriaHash(CRITERIA),
  deliverable_hash: criteriaHash(JSON.parse(RESULT)),
  runner: { version: '1', digest },
});
