import { findJob, listJobPostings, listLeavesOfJob, listNegotiationEntries } from '@agent-registry/db';
import {
  commitTo,
  decodeLeaf,
  encodeLeaf,
  type Leaf,
  type LeafOf,
  opens,
  type Part,
  saltOf,
} from '@agent-registry/log';
import { generateKeyPair, rotationMessage, sha256Hex, signMessage } from '@agent-registry/signing';
import { beforeAll, expect, test } from '@jest/globals';
import { proveKey } from '../agents/prove-key.ts';
import { registerAgent } from '../agents/register-agent.ts';
import { rotateKey } from '../agents/rotate-key.ts';
import { acceptSettlement, offerSettlement } from '../jobs/settle-by-agreement.ts';
import { createReview } from '../reviews/create-review.ts';
import { DAY, useHarness } from '../testing/harness.ts';
import { type TwoParties, twoParties } from '../testing/two-parties.ts';
import {
  heldOpening,
  oldSettlementOpening,
  openPostings,
  settlementOpenings,
  termsOpening,
} from './openings.ts';
import { readJobLeaves } from './read-job-leaves.ts';

const harness = useHarness();
let parties: TwoParties;
beforeAll(async () => {
  parties = await twoParties(harness);
});

async function leavesOf(jobId: string): Promise<Leaf[]> {
  const rows = await listLeavesOfJob(harness.deps.db, jobId);
  return rows.map(({ leaf }) => decodeLeaf(leaf.toString()));
}

async function opensWith(leaf: Leaf, jobId: string, part: Part, opening: unknown): Promise<boolean> {
  const { salt } = await harness.deps.db
    .selectFrom('job_salts')
    .select('salt')
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  return opens(leaf, { part, salt: saltOf(salt, leaf.id, part).toString('hex'), opening });
}

async function transfersOf(jobId: string) {
  return openPostings(await listJobPostings(harness.deps.db, jobId));
}

test('a job that is paid by its suite leaves its terms, its escrow, its verdict and its settlement in the log, and each opens', async () => {
  const jobId = await parties.delivered({ criteria: true });
  await parties.recordVerdict(jobId, 'pass');
  const [terms, held, verdict, settlement] = await leavesOf(jobId);
  const job = (await findJob(harness.deps.db, jobId))!;
  const negotiation = await listNegotiationEntries(harness.deps.db, [jobId]);
  expect(terms).toMatchObject({ kind: 'terms' });
  expect(await opensWith(terms!, jobId, 'both', termsOpening(job, negotiation))).toBe(true);
  const accepted = negotiation.find(({ hash }) => hash === termsOpening(job, negotiation).negotiation_hash)!;
  expect(JSON.parse(accepted.entry)).toMatchObject({
    kind: 'accept',
    delivery_deadline: job.delivery_deadline!.toISOString(),
  });
  expect(held).toMatchObject({ kind: 'escrow_held' });
  expect(await opensWith(held!, jobId, 'both', heldOpening(job, (await transfersOf(jobId)).held))).toBe(true);
  expect(verdict).toMatchObject({
    kind: 'verdict',
    commit: expect.any(String),
    commit_seller: expect.any(String),
  });
  expect(settlement).toMatchObject({
    kind: 'settlement',
    job: jobId,
    fee_floor: '2.00',
    stake_floor: '2.00',
    fault: null,
  });
  const { both: opening } = settlementOpenings(job, (await transfersOf(jobId)).settled, []);
  expect(await opensWith(settlement!, jobId, 'both', opening)).toBe(true);
  expect(await opensWith(settlement!, jobId, 'both', { ...opening, outcome: 'failed_by_client' })).toBe(
    false,
  );
});

test('what was delivered without criteria, and that the client accepted it, is in the log, and nothing else opens', async () => {
  const jobId = await parties.completed();
  const settlement = (await leavesOf(jobId)).at(-1)!;
  const job = (await findJob(harness.deps.db, jobId))!;
  const { settled } = await transfersOf(jobId);
  const { both, seller } = settlementOpenings(job, settled, []);
  expect(both).toMatchObject({ outcome: 'completed_by_client', deliveries: 1, resolved_by: null });
  expect(both.delivered_at).toBe(harness.time.now.toISOString());
  expect(seller).toEqual({ result_hash: sha256Hex(job.result!) });
  expect(await opensWith(settlement, jobId, 'both', both)).toBe(true);
  expect(await opensWith(settlement, jobId, 'seller', seller)).toBe(true);
  const exchanged = settlementOpenings({ ...job, result: '"another"' }, settled, []);
  expect(await opensWith(settlement, jobId, 'seller', exchanged.seller)).toBe(false);
});

test('a settlement by agreement commits to who decided, and by the log of the negotiation to the offer that was accepted', async () => {
  const jobId = await parties.working();
  const shares = { clientShare: 5_000n, sellerShare: 6_000n };
  const offered = await harness.run((op) =>
    offerSettlement(op, { jobId, actorId: parties.client, ...shares, note: null }),
  );
  const offer = offered.negotiation.at(-1)!;
  await harness.run((op) => acceptSettlement(op, { jobId, actorId: parties.seller, offerHash: offer.hash }));
  const { leaves } = await readJobLeaves(harness.deps.db, (await findJob(harness.deps.db, jobId))!);
  const { row, openings } = leaves.at(-1)!;
  expect(openings.map(({ opening }) => opening)).toEqual([
    expect.objectContaining({
      resolved_by: 'agreement',
      negotiation_seq: offer.seq,
      negotiation_hash: offer.hash,
    }),
    { result_hash: null },
  ]);
  for (const opening of openings) expect(opens(decodeLeaf(row.leaf.toString()), opening)).toBe(true);
});

test('a settlement that older code wrote opens with what it said', async () => {
  const jobId = await parties.working();
  await parties.silence(11 * DAY);
  const { db } = harness.deps;
  const job = (await findJob(db, jobId))!;
  const leaf = (await leavesOf(jobId)).at(-1)! as LeafOf<'settlement'>;
  const { commit_seller: _, ...old } = leaf;
  const { salt } = await db
    .selectFrom('job_salts')
    .select('salt')
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  const opening = oldSettlementOpening(job, (await transfersOf(jobId)).settled);
  const text = encodeLeaf({ ...old, commit: commitTo(saltOf(salt, leaf.id, 'both'), opening) });
  const row = await db
    .deleteFrom('log_leaves')
    .where('leaf_id', '=', leaf.id)
    .returning(['leaf_id', 'kind', 'subject', 'job_id', 'created_at'])
    .executeTakeFirstOrThrow();
  await db
    .insertInto('log_leaves')
    .values({ ...row, leaf: text })
    .execute();
  const { openings } = (await readJobLeaves(db, job)).leaves.at(-1)!;
  expect(openings).toHaveLength(1);
  expect(opens(decodeLeaf(text.toString()), openings[0]!)).toBe(true);
});

test('terms and verdicts name neither the job nor the parties', async () => {
  const jobId = await parties.delivered({ criteria: true });
  await parties.recordVerdict(jobId, 'fail');
  const leaves = await leavesOf(jobId);
  expect(leaves.map(({ kind }) => kind)).toEqual(['terms', 'escrow_held', 'verdict']);
  for (const leaf of leaves)
    for (const name of [jobId, parties.client, parties.seller])
      expect(JSON.stringify(leaf)).not.toContain(name);
});

test('a job that fails is settled in the log once its dispute window is over, and its reviews follow', async () => {
  const jobId = await parties.working();
  await parties.silence(11 * DAY);
  await harness.run((op) =>
    createReview(op, { jobId, actorId: parties.client, rating: 1, tags: ['late'], comment: 'nothing came' }),
  );
  const leaves = await leavesOf(jobId);
  expect(leaves.map(({ kind }) => kind)).toEqual(['terms', 'escrow_held', 'settlement', 'review']);
  expect(leaves[2]).toMatchObject({ fee_floor: '0.00', fault: 'seller' });
  expect(leaves[3]).toMatchObject({
    job: jobId,
    reviewer: parties.client,
    reviewee: parties.seller,
    rating: 1,
  });
  expect(await opensWith(leaves[3]!, jobId, 'both', { tags: ['late'], comment: 'nothing came' })).toBe(true);
});

test('an operation that is undone leaves no leaf', async () => {
  const jobId = await parties.working();
  const before = await leavesOf(jobId);
  await expect(parties.review(jobId, 5)).rejects.toMatchObject({ code: 'invalid_state' });
  expect(await leavesOf(jobId)).toEqual(before);
});

test('a job of older code, without a salt, is given one with its first leaf', async () => {
  const jobId = await parties.propose();
  await parties.accept(jobId);
  const { db } = harness.deps;
  await db.deleteFrom('log_leaves').where('job_id', '=', jobId).execute();
  await db.deleteFrom('job_salts').where('job_id', '=', jobId).execute();
  await parties.fund(jobId);
  const [held] = await leavesOf(jobId);
  const job = (await findJob(db, jobId))!;
  expect(await opensWith(held!, jobId, 'both', heldOpening(job, (await transfersOf(jobId)).held))).toBe(true);
});

test('a key is in the log from the moment its holder proved it, once, and each that replaces it', async () => {
  const [first, second] = [generateKeyPair(), generateKeyPair()];
  const { agent } = await harness.run((op) =>
    registerAgent(op, {
      publicKey: first.publicKey,
      isProven: false,
      displayName: 'keys',
      description: null,
      endpointUrl: null,
      hostingMode: null,
      capabilities: [],
    }),
  );
  const agentId = agent.agent_id;
  const keys = async () => {
    const rows = await harness.deps.db
      .selectFrom('log_leaves')
      .select('leaf')
      .where('kind', '=', 'key')
      .where('subject', 'like', `${agentId}:%`)
      .orderBy('entry_id')
      .execute();
    return rows.map(({ leaf }) => JSON.parse(leaf.toString()));
  };
  expect(await keys()).toEqual([]);
  for (let time = 0; time < 2; time += 1)
    await harness.run((op) => proveKey(op, { agentId, publicKey: first.publicKey }));
  const newPublicKey = second.publicKey;
  const signed = signMessage(second.privateKey, rotationMessage(agentId, newPublicKey));
  await harness.run((op) => rotateKey(op, { agentId, newPublicKey, proof: signed }));
  expect(await keys()).toMatchObject([
    { agent: agentId, key: first.publicKey, previous: null, reason: 'proven' },
    { agent: agentId, key: newPublicKey, previous: first.publicKey, reason: 'rotated' },
  ]);
});
