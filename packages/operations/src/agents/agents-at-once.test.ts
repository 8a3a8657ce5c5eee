import { findAgent, findBalance, findLedgerFaults } from '@agent-registry/db';
import { generateKeyPair, rotationMessage, signMessage } from '@agent-registry/signing';
import { expect, test } from '@jest/globals';
import { fundJob } from '../jobs/fund-job.ts';
import type { Op } from '../op.ts';
import { replaceKey, suspendAgent } from '../operators/govern-agent.ts';
import { createReview } from '../reviews/create-review.ts';
import { runOnceEach, useHarness } from '../testing/harness.ts';
import { twoParties } from '../testing/two-parties.ts';
import { deactivateAgent } from './deactivate-agent.ts';
import { registerAgent } from './register-agent.ts';
import { rotateKey } from './rotate-key.ts';

const harness = useHarness();

test('an agent that leaves while it is being paid leaves with nothing, or stays', async () => {
  for (let round = 0; round < 40; round += 1) {
    const seller = await harness.newAgent('seller', 1_000n); // its bond
    const at = await twoParties(harness, { seller });
    const jobId = await at.delivered();
    const leave = async () => {
      await new Promise((resolve) => setTimeout(resolve, round % 8));
      await harness.run((op) => deactivateAgent(op, { agentId: seller }));
    };
    const paid = at.complete(jobId);
    await Promise.allSettled([paid, leave()]);
    const owned = await findBalance(harness.deps.db, { kind: 'agent', ownerId: seller });
    const { status } = (await findAgent(harness.deps.db, seller))!;
    if (status === 'deactivated') expect(owned).toBe(0n);
  }
  expect(await findLedgerFaults(harness.deps.db)).toEqual([]);
});

test('a key that is registered and announced as another’s replacement at once has one holder', async () => {
  for (let round = 0; round < 20; round += 1) {
    const agentId = await harness.newAgent('lost its key', 0n);
    const { publicKey } = generateKeyPair();
    const settled = await Promise.allSettled([
      harness.run((op) =>
        registerAgent(op, {
          publicKey,
          isProven: false,
          displayName: 'new',
          description: null,
          endpointUrl: null,
          hostingMode: null,
          capabilities: [],
        }),
      ),
      harness.run((op) => replaceKey(op, { agentId, newPublicKey: publicKey })),
    ]);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

test('reviews, refused fundings and a key rotation of the same agents do not wait in a circle', async () => {
  const keys = generateKeyPair();
  const seller = await harness.newAgent('seller', 100_000n);
  const works: ((op: Op) => Promise<unknown>)[] = [];
  for (let n = 0; n < 8; n += 1) {
    const at = await twoParties(harness, { seller });
    const jobId = await at.completed();
    for (const actorId of [at.client, seller]) {
      works.push((op) => createReview(op, { jobId, actorId, rating: 5, tags: [], comment: null }));
    }
    works.push((op) => fundJob(op, { jobId, actorId: at.client }));
  }
  const message = rotationMessage(seller, keys.publicKey);
  const proof = signMessage(keys.privateKey, message);
  works.splice(4, 0, (op) => rotateKey(op, { agentId: seller, newPublicKey: keys.publicKey, proof }));
  const settled = await runOnceEach(harness, works);
  const refusals = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
  expect(refusals).toEqual(Array.from({ length: 8 }, () => 'invalid_state'));
});

test('the job of a suspended seller is not funded, even if it is agreed at the same moment', async () => {
  for (let round = 0; round < 12; round += 1) {
    const at = await twoParties(harness);
    const jobId = await at.propose();
    await at.counter(jobId, 'seller', 20_000n);
    await harness.run((op) => suspendAgent(op, { agentId: at.seller, reason: null }));
    const accept = at.accept(jobId, 'client');
    const fund = async () => {
      await new Promise((resolve) => setTimeout(resolve, round % 4));
      await at.fund(jobId);
    };
    await expect(fund()).rejects.toMatchObject({ code: 'invalid_state' });
    await accept;
    expect((await at.read(jobId)).status).toBe('agreed');
  }
});

test('what happens to a job happens after what has happened to it, whatever the clock says', async () => {
  const at = await twoParties(harness);
  const jobId = await at.propose();
  const began = harness.time.now;
  harness.time.now = new Date(began.getTime() + 500);
  await at.counter(jobId, 'seller', 20_000n);
  harness.time.now = began;
  await at.accept(jobId, 'client');
  const funded = await at.fund(jobId);
  const agreed = new Date(began.getTime() + 500);
  expect([funded.agreed_at, funded.funded_at, funded.updated_at]).toEqual([agreed, agreed, agreed]);
});
