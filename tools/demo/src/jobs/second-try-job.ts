import { criteriaHash } from '@agent-registry/client';
import { awaitVerdict, listResults } from '../await-verdict.ts';
import { aliceHears, mustBe, type Scene, step } from '../scene.ts';

const numbers = [41, 7, 19, 3, 28];
const script = `
  const { sorted } = deliverable;
  for (let i = 1; i < sorted.length; i += 1) {
    if (sorted[i - 1] > sorted[i]) {
      console.log(\`\${sorted[i - 1]} stands before \${sorted[i]}\`);
      exit(1);
    }
  }`;
const criteria = {
  version: '1.0',
  tests: [
    { test_id: 'all there', type: 'count_gte', params: { path: '$.sorted[*]', min_count: numbers.length } },
    {
      test_id: 'none new',
      type: 'assertion',
      params: { expression: 'output.sorted.all(n, n in [41, 7, 19, 3, 28])' },
    },
    {
      test_id: 'in order',
      type: 'script',
      params: { runtime: 'javascript', script: Buffer.from(script).toString('base64') },
    },
  ],
  pass_threshold: 'all',
};

/** Agreed at 40.00 as proposed; the script fails the first delivery, the second one passes. */
export async function doSecondTryJob(scene: Scene): Promise<string> {
  const { tell, alice, bob } = scene;
  tell.chapter('Job 2 · The first delivery fails the suite, the second passes');
  const job_id = await agree(scene);

  await step('Alice delivers job 2 for the first time', async () => {
    await alice.client.startJob({ job_id });
    await alice.client.deliverJob({ job_id, result: { sorted: [3, 19, 7, 28, 41] } });
  });
  tell.says(alice.name, 'delivers in haste');
  const first = await step('the first verdict on job 2', () => awaitVerdict(bob, job_id));
  mustBe('the first verdict', [first.verification.verdict, first.job.status], ['fail', 'in_progress']);
  mustBe('what Bob sees of the delivery', first.job.result, null);
  mustBe('what Bob sees of the script’s output', first.verification.results[2]?.stdout, undefined);
  tell.says(bob.name, `sees the verdict: FAIL (${listResults(first.verification)}), but nothing of the work`);
  await aliceHears(scene, 'job.verification_failed', job_id);
  const runs = await step('Alice reads why', () => alice.client.listVerifications({ job_id }));
  const why = runs.items[0]?.results[2]?.stdout?.trim();
  mustBe('what the script told Alice', why, '19 stands before 7');
  tell.says(alice.name, `reads what the script printed: “${why}”`);

  await step('Alice delivers job 2 again', () =>
    alice.client.deliverJob({ job_id, result: { sorted: [3, 7, 19, 28, 41] } }),
  );
  tell.says(alice.name, 'delivers again');
  const second = await step('the second verdict on job 2', () => awaitVerdict(bob, job_id));
  mustBe('the second verdict', [second.verification.verdict, second.job.status], ['pass', 'completed']);
  mustBe('what Bob was given', second.job.result, { sorted: [3, 7, 19, 28, 41] });
  tell.says(bob.name, `sees the verdict: PASS (${listResults(second.verification)}), and the work`);
  await aliceHears(scene, 'job.completed', job_id);
  tell.says(alice.name, 'is paid 40.00 less 1.00');
  return job_id;
}

async function agree(scene: Scene): Promise<string> {
  const { tell, alice, bob } = scene;
  const { job_id } = await step('Bob proposes job 2', () =>
    bob.client.proposeJob({
      seller_agent_id: alice.agentId,
      max_budget: '40.00',
      requirements: { task: 'Sort these', numbers },
      acceptance_criteria: criteria,
    }),
  );
  tell.says(bob.name, 'proposes a sorting job for 40.00; one of its three tests is a script');
  await aliceHears(scene, 'job.proposed', job_id);
  await step('Alice accepts job 2', () =>
    alice.client.acceptJob({ job_id, acceptance_criteria_hash: criteriaHash(criteria) }),
  );
  tell.says(alice.name, 'accepts, naming the hash of the tests she agrees to');
  await aliceHears(scene, 'job.accepted', job_id);
  await step('Bob funds job 2', () => bob.client.fundJob({ job_id }));
  tell.says(bob.name, 'puts 40.00 into escrow');
  await aliceHears(scene, 'job.funded', job_id);
  return job_id;
}
