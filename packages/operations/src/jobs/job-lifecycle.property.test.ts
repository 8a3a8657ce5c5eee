import { type Db, findJob, findLedgerFaults, type JobRow, listNegotiationEntries } from '@agent-registry/db';
import { JOB_RULES, type JobActor } from '@agent-registry/domain';
import { type JobStatus, type JobTimer, RegistryError } from '@agent-registry/schemas';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { DAY, HOUR, useHarness, verdict } from '../testing/harness.ts';
import { abortJob } from './abort-job.ts';
import { acceptJob } from './accept-job.ts';
import { actOnTimer } from './act-on-timer.ts';
import { addEvidence } from './add-evidence.ts';
import { negotiationFault } from './append-negotiation.ts';
import { cancelJob } from './cancel-job.ts';
import { counterJob } from './counter-job.ts';
import { completeJob, disputeJob, failJob } from './decide-job.ts';
import { deliverJob } from './deliver-job.ts';
import { fundJob } from './fund-job.ts';
import { proposeJob } from './propose-job.ts';
import { resolveDispute } from './resolve-dispute.ts';
import { acceptSettlement, offerSettlement } from './settle-by-agreement.ts';
import { settleVerification } from './settle-verification.ts';
import { startJob } from './start-job.ts';
import { claimRun, recordRunError, releaseRun } from './verify-run.ts';

const harness = useHarness();
beforeAll(async () => {
  await watchSteps(harness.deps.db);
});

type Actor = 'client' | 'seller' | 'stranger';

interface World {
  readonly jobId: string;
  readonly ids: Record<Actor, string>;
  readonly hash: string | null;
}

/** The usual path of a job, so that random acts also reach its far states. */
const PATH: readonly [Actor, Act][] = [
  ['seller', 'accept'],
  ['client', 'fund'],
  ['seller', 'start'],
  ['seller', 'deliver'],
  ['client', 'verdict_fail'],
  ['seller', 'deliver'],
  ['client', 'verdict_fail'],
  ['client', 'fail'],
  ['seller', 'dispute'],
];

interface Deed extends World {
  /** Who acts on which job, as most operations take it. */
  readonly who: { readonly jobId: string; readonly actorId: string };
  readonly cents: bigint;
}

const reason = null;
/** Some division of what the job holds. */
async function sharesOf({ cents, ...world }: Deed) {
  const job = await read(world);
  const held = job.price + job.seller_abort_penalty;
  const sellerShare = cents % (held + 1n);
  return { clientShare: held - sellerShare, sellerShare };
}

const ACTS = {
  counter: ({ who, cents }) => harness.run((op) => counterJob(op, { ...who, price: cents })),
  accept: ({ who, hash }) => harness.run((op) => acceptJob(op, { ...who, criteriaHash: hash })),
  cancel: ({ who }) => harness.run((op) => cancelJob(op, { ...who, reason })),
  fund: ({ who }) => harness.run((op) => fundJob(op, who)),
  start: ({ who }) => harness.run((op) => startJob(op, who)),
  deliver: ({ who }) => harness.run((op) => deliverJob(op, { ...who, result: '{"ok":true}' })),
  complete: ({ who }) => harness.run((op) => completeJob(op, who)),
  fail: ({ who }) => harness.run((op) => failJob(op, { ...who, reason })),
  abort: ({ who }) => harness.run((op) => abortJob(op, { ...who, reason })),
  dispute: ({ who }) => harness.run((op) => disputeJob(op, { ...who, reason })),
  resolve: async (deed) => {
    const resolution = { jobId: deed.jobId, ...(await sharesOf(deed)), note: 'n' };
    await harness.run((op) => resolveDispute(op, resolution));
  },
  offer_settlement: async (deed) => {
    const offer = { ...deed.who, ...(await sharesOf(deed)), note: null };
    await harness.run((op) => offerSettlement(op, offer));
  },
  accept_settlement: async ({ who, ...world }) => {
    const entries = await listNegotiationEntries(harness.deps.db, [world.jobId]);
    const offerHash = entries.findLast(({ entry }) => entry.includes('settlement_offer'))?.hash ?? 'none';
    await harness.run((op) => acceptSettlement(op, { ...who, offerHash }));
    expect((await read(world)).resolved_by).toBe('agreement');
  },
  evidence: ({ who, cents }) => {
    const shown = { name: 'n', mediaType: 'text/plain', content: Buffer.from([Number(cents % 256n)]) };
    return harness.run((op) => addEvidence(op, { ...who, ...shown }));
  },
  verdict_pass: (deed) => recordVerdict(deed, 'pass'),
  verdict_fail: (deed) => recordVerdict(deed, 'fail'),
  harness_error: (deed) => recordVerdict(deed, 'harness_error'),
  outage: (deed) => recordVerdict(deed, 'outage'),
  wait_hour: () => ring(HOUR),
  wait_days: () => ring(4 * DAY),
} as const satisfies Record<string, (deed: Deed) => Promise<unknown>>;
type Act = keyof typeof ACTS;

async function recordVerdict(
  world: World,
  kind: 'pass' | 'fail' | 'harness_error' | 'outage',
): Promise<void> {
  const run = await harness.deps.db
    .selectFrom('verification_runs')
    .select('run_id')
    .where('job_id', '=', world.jobId)
    .orderBy('delivery', 'desc')
    .executeTakeFirst();
  if (run === undefined) return;
  const claim = await harness.run((op) => claimRun(op, { runId: run.run_id }));
  if (claim.kind !== 'claimed') return;
  const leased = { runId: run.run_id, token: claim.token, isRetried: true };
  if (kind === 'outage') await harness.run((op) => releaseRun(op, leased));
  else if (kind === 'harness_error')
    await harness.run((op) => recordRunError(op, { ...leased, canaryPassed: true }));
  else {
    const response = verdict(kind);
    const { settled } = await harness.run((op) => settleVerification(op, { ...leased, response }));
    expect(settled).toBe(true);
    expect(await harness.run((op) => settleVerification(op, { ...leased, response }))).toEqual({
      settled: false,
    });
  }
}

/** Has the database itself note each change of a job's state, also those in the middle of a transaction. */
async function watchSteps(db: Db): Promise<void> {
  await sql`CREATE TABLE steps (seq bigint GENERATED ALWAYS AS IDENTITY, job_id uuid, "from" text, "to" text)`.execute(
    db,
  );
  await sql`GRANT ALL ON steps TO PUBLIC`.execute(db);
  await sql`CREATE FUNCTION note_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO steps (job_id, "from", "to") VALUES (NEW.job_id, OLD.status, NEW.status); RETURN NEW; END $$`.execute(
    db,
  );
  await sql`CREATE TRIGGER note_step AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION note_step()`.execute(
    db,
  );
}

/** The steps a job took since this was last asked. */
async function takeSteps(world: World): Promise<{ from: JobStatus; to: JobStatus }[]> {
  const { rows } = await sql<{ from: JobStatus; to: JobStatus; seq: number }>`
    WITH taken AS (DELETE FROM steps WHERE job_id = ${world.jobId} RETURNING *)
    SELECT "from", "to" FROM taken ORDER BY seq`.execute(harness.deps.db);
  return rows.map(({ from, to }) => ({ from, to }));
}

/** Whose rules an act may make use of. */
function actorsOf(act: Act): readonly JobActor[] {
  if (act === 'resolve') return ['operator'];
  if (act.startsWith('wait')) return ['clock', 'runner'];
  if (act.startsWith('verdict') || act === 'harness_error' || act === 'outage') return ['runner'];
  return ['party', 'client', 'seller'];
}

async function assertInTable(world: World, actors: readonly JobActor[]): Promise<void> {
  for (const { from, to } of await takeSteps(world)) {
    const rules = Object.values(JOB_RULES).filter((rule) => actors.includes(rule.by));
    const known = rules.some((rule) => rule.from.includes(from) && (rule.to ?? from) === to);
    expect({ from, to, known }).toEqual({ from, to, known: true });
  }
}

const read = async (world: World): Promise<JobRow> => (await findJob(harness.deps.db, world.jobId))!;

/** Lets time pass, and every timer that comes due on the way be acted on in its order, twice each. */
async function ring(ms: number): Promise<number> {
  const until = new Date(harness.time.now.getTime() + ms);
  for (let rung = 0; ; rung += 1) {
    const due = await harness.deps.db
      .selectFrom('outbox')
      .selectAll()
      .where('kind', '=', 'timer')
      .where('due_at', '<=', until)
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    if (due === undefined) {
      harness.time.now = until;
      return rung;
    }
    expect(rung).toBeLessThan(100);
    if (due.due_at > harness.time.now) harness.time.now = due.due_at;
    const [jobId, timer] = due.subject.split(':') as [string, JobTimer];
    expect(await harness.run((op) => actOnTimer(op, { jobId, timer }))).toBe('acted');
    expect(await harness.run((op) => actOnTimer(op, { jobId, timer }))).not.toBe('acted');
  }
}

async function newWorld(options: { criteria: boolean; penalties: bigint; balance: bigint }): Promise<World> {
  const ids = {
    client: await harness.newAgent('client', options.balance),
    seller: await harness.newAgent('seller', options.balance),
    stranger: await harness.newAgent('stranger', options.balance),
  };
  const hash = options.criteria ? 'a'.repeat(64) : null;
  const job = await harness.run((op) =>
    proposeJob(op, {
      clientId: ids.client,
      sellerId: ids.seller,
      price: 10_000n,
      clientAbortPenalty: options.penalties,
      sellerAbortPenalty: options.penalties,
      listingId: null,
      requirements: null,
      criteria: hash === null ? null : { text: '{"tests":[]}', hash, legacyHash: hash },
      deadline: null,
      maxRounds: 3,
    }),
  );
  return { jobId: job.job_id, ids, hash };
}

async function assertSound(world: World): Promise<void> {
  expect(await findLedgerFaults(harness.deps.db)).toEqual([]);
  const entries = await harness.deps.db
    .selectFrom('negotiation_entries')
    .selectAll()
    .where('job_id', '=', world.jobId)
    .orderBy('seq')
    .execute();
  expect(negotiationFault(entries)).toBeNull();
}

async function held(world: World): Promise<bigint> {
  const rows = await harness.deps.db
    .selectFrom('accounts')
    .select('balance')
    .where('owner_id', '=', world.jobId)
    .execute();
  return rows.reduce((sum, row) => sum + (row.balance ?? 0n), 0n);
}

const refusals = new Set([
  'not_found',
  'wrong_party',
  'invalid_state',
  'own_offer',
  'rounds_exhausted',
  'criteria_decide',
  'insufficient_funds',
  'validation_failed',
  'criteria_hash_mismatch',
]);

async function attempt(world: World, actor: Actor, act: Act, cents: bigint): Promise<boolean> {
  const before = await read(world);
  try {
    await ACTS[act]({ ...world, who: { jobId: world.jobId, actorId: world.ids[actor] }, cents });
    return true;
  } catch (error) {
    if (!(error instanceof RegistryError) || !refusals.has(error.code)) throw error;
    expect(await read(world)).toEqual(before);
    return false;
  }
}

const step = fc.tuple(
  fc.constantFrom<Actor>('client', 'seller', 'stranger'),
  fc.constantFrom<Act>(...(Object.keys(ACTS) as Act[])),
  fc.bigInt({ min: 1n, max: 20_000n }),
);
const scenario = fc.record({
  criteria: fc.boolean(),
  penalties: fc.constantFrom(0n, 500n, 10_000n),
  balance: fc.constantFrom(0n, 10_000n, 100_000n),
  ahead: fc.integer({ min: 0, max: PATH.length }),
  steps: fc.array(step, { minLength: 1, maxLength: 14 }),
});

test('a job keeps the ledger in balance and takes no step that its machine has not, whoever acts; time alone then brings escrow and bond to zero', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ ahead, steps, ...options }) => {
      const world = await newWorld(options);
      const path = PATH.slice(0, ahead).map(([actor, act]) => [actor, act, 1n] as const);
      for (const [actor, act, cents] of [...path, ...steps]) {
        await attempt(world, actor, act, cents);
        await assertInTable(world, actorsOf(act));
      }
      await assertSound(world);
      await ring(400 * DAY);
      await assertInTable(world, ['clock', 'runner']);
      const end = await read(world);
      expect(end.settled_at).not.toBeNull();
      expect(['completed', 'cancelled', 'resolved', 'failed']).toContain(end.status);
      expect(await held(world)).toBe(0n);
      await assertSound(world);
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
  );
}, 240_000);
