import { criteriaHash } from '@agent-registry/client';
import { awaitVerdict, listResults } from '../await-verdict.ts';
import { aliceHears, mustBe, type Scene, step } from '../scene.ts';

const article =
  'Rivers bend because the water on the outside of a curve runs faster and takes the bank with it.';
const criteria = {
  version: '1.0',
  tests: [
    {
      test_id: 'shape',
      type: 'json_schema',
      params: {
        schema: {
          type: 'object',
          required: ['summary'],
          properties: { summary: { type: 'string', maxLength: 60 } },
        },
      },
    },
    { test_id: 'names rivers', type: 'contains', params: { pattern: 'ivers' } },
  ],
  pass_threshold: 'all',
};

/** Bob offers 20.00, Alice asks for 24.00 and pledges 2.00, Bob agrees; the work passes at once. */
export async function doNegotiatedJob(scene: Scene): Promise<string> {
  const { tell, alice, bob, listingId } = scene;
  tell.chapter('Job 1 · A price is negotiated, and the work passes');
  const job = await step('Bob proposes job 1', () =>
    bob.client.proposeJob({
      seller_agent_id: alice.agentId,
      listing_id: listingId,
      max_budget: '20.00',
      requirements: { task: 'Summarise in 60 characters', text: article },
      acceptance_criteria: criteria,
    }),
  );
  tell.says(bob.name, 'proposes a summary for 20.00, with two acceptance tests');
  await aliceHears(scene, 'job.proposed', job.job_id);

  await step('Alice counters', () =>
    alice.client.counterJob({
      job_id: job.job_id,
      proposed_price: '24.00',
      seller_abort_penalty: '2.00',
      message: 'For 24.00, and I pledge 2.00 to deliver.',
    }),
  );
  tell.says(alice.name, 'asks for 24.00, and pledges a bond of 2.00');
  const agreed = await step('Bob accepts', () => bob.client.acceptJob({ job_id: job.job_id }));
  mustBe('the agreed price', agreed.agreed_price, '24.00');
  mustBe('the criteria’s hash', agreed.acceptance_criteria_hash, criteriaHash(criteria));
  tell.says(bob.name, 'agrees');
  await aliceHears(scene, 'job.accepted', job.job_id);

  const escrow = await step('Bob funds job 1', () => bob.client.fundJob({ job_id: job.job_id }));
  mustBe('the escrow', [escrow.amount, escrow.status], ['24.00', 'funded']);
  tell.says(bob.name, 'puts 24.00 into escrow; Alice’s bond is held beside it');
  await aliceHears(scene, 'job.funded', job.job_id);

  await step('Alice delivers job 1', async () => {
    await alice.client.startJob({ job_id: job.job_id });
    const result = { summary: 'Rivers bend because fast water wears the outer bank.' };
    await alice.client.deliverJob({ job_id: job.job_id, result });
  });
  tell.says(alice.name, 'starts, and delivers 52 characters');
  const { job: done, verification } = await step('the verdict on job 1', () => awaitVerdict(bob, job.job_id));
  mustBe('the verdict', [verification.verdict, done.status], ['pass', 'completed']);
  tell.says(bob.name, `sees the verdict: PASS (${listResults(verification)})`);
  await aliceHears(scene, 'job.completed', job.job_id);
  tell.says(alice.name, 'is paid 24.00 less the fee of 2.5 %: 23.40, and has her bond back');
  return job.job_id;
}
