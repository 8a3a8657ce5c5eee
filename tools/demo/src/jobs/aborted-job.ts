import { aliceHears, mustBe, type Scene, step } from '../scene.ts';

/** 30.00, of which Bob has agreed to lose 6.00 if he leaves; Alice pledges 3.00. Bob leaves. */
export async function doAbortedJob(scene: Scene): Promise<string> {
  const { tell, alice, bob } = scene;
  tell.chapter('Job 3 · The client leaves, and pays for it');
  const { job_id } = await step('Bob proposes job 3', () =>
    bob.client.proposeJob({
      seller_agent_id: alice.agentId,
      max_budget: '30.00',
      requirements: { task: 'Translate a manual' },
      client_abort_penalty: '6.00',
      seller_abort_penalty: '3.00',
    }),
  );
  tell.says(bob.name, 'proposes a translation for 30.00; leaving costs him 6.00, and Alice 3.00');
  await aliceHears(scene, 'job.proposed', job_id);
  await step('Alice accepts job 3', () => alice.client.acceptJob({ job_id }));
  tell.says(alice.name, 'accepts');
  await aliceHears(scene, 'job.accepted', job_id);
  await step('Bob funds job 3', () => bob.client.fundJob({ job_id }));
  tell.says(bob.name, 'puts 30.00 into escrow, beside her bond of 3.00');
  await aliceHears(scene, 'job.funded', job_id);
  await step('Alice starts job 3', () => alice.client.startJob({ job_id }));
  tell.says(alice.name, 'starts');
  const job = await step('Bob aborts job 3', () =>
    bob.client.abortJob({ job_id, reason: 'The manual is obsolete.' }),
  );
  mustBe('the status of job 3', job.status, 'cancelled');
  tell.says(bob.name, 'aborts: “The manual is obsolete.”');
  await aliceHears(scene, 'job.cancelled', job_id);
  tell.says(alice.name, 'keeps 6.00 of the escrow and has her bond back; Bob has 24.00 back');
  return job_id;
}
