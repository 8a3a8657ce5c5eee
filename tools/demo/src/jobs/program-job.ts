import { setTimeout as delay } from 'node:timers/promises';
import { criteriaHash } from '@agent-registry/client';
import { awaitVerdict, listResults } from '../await-verdict.ts';
import { aliceHears, mustBe, type Scene, step } from '../scene.ts';

/** Receipts, and what they come to. */
const receipt = (lines: readonly string[], total: string) => ({
  stdin: `${lines.join('\n')}\n`,
  expect: { stdout: total, compare: 'numbers' },
});
const cases = [receipt(['2 x 3.50', '1 x 4.00'], '11.00'), receipt(['10 x 0.10'], '1.00')];
const hidden = {
  salt: 'c9a1f2e07b5d4836',
  cases: [
    receipt(['3 x 19.99'], '59.97'),
    receipt(['1 x 0.01', '1 x 0.02', '12 x 1.25'], '15.03'),
    receipt([], '0'),
  ],
};
const program = {
  source: '$.program',
  runtime: 'node:24',
  timeout_seconds: 10,
  cases,
  hidden: { count: hidden.cases.length, commitment: criteriaHash(hidden) },
};
const criteria = { version: '1.0', tests: [{ test_id: 'adds up', type: 'program', params: program }] };

const readInput = "const text = require('node:fs').readFileSync(0, 'utf8');\n";
const tableOfAnswers = `${readInput}console.log(text.includes('3.50') ? '11.00' : '1.00');`;
const realProgram = `${readInput}let cents = 0;
for (const [, count, price] of text.matchAll(/(\\d+) x ([\\d.]+)/g)) cents += count * Math.round(price * 100);
console.log((cents / 100).toFixed(2));`;

/** The registry hears of its sandbox with its first sweeps. */
const offerPolls = 10;
const offerPollMs = 500;

/**
 * 8.00 for a program; the registry keeps three of its five cases to itself, so a table of the other two does not pass. Null
 * where this machine has no sandbox to run programs in.
 */
export async function doProgramJob(scene: Scene): Promise<string | null> {
  const { tell, alice, bob } = scene;
  tell.chapter('Job 4 · Bob buys a program, and a table of answers does not pass');
  const job_id = await propose(scene);
  if (job_id === null) {
    tell.note('this machine has no sandbox that runs programs (bubblewrap): job 4 is left out');
    return null;
  }
  await agree(scene, job_id);

  await step('Alice delivers job 4 for the first time', async () => {
    await alice.client.startJob({ job_id });
    await alice.client.deliverJob({ job_id, result: { program: tableOfAnswers } });
  });
  tell.says(alice.name, 'delivers a program that knows the answers to the two cases she has read');
  const first = await step('the first verdict on job 4', () => awaitVerdict(bob, job_id));
  mustBe('the first verdict', [first.verification.verdict, first.job.status], ['fail', 'in_progress']);
  tell.says(bob.name, `sees the verdict: FAIL (${listResults(first.verification)})`);
  await aliceHears(scene, 'job.verification_failed', job_id);
  await step('Alice reads why', async () => {
    const runs = await alice.client.listVerifications({ job_id });
    const why = runs.items[0]?.results[0]?.message ?? '';
    mustBe('whether hidden cases failed it', why.startsWith('All 2 visible cases passed;'), true);
    tell.says(alice.name, `reads why: “${why}”`);
    const job = await alice.client.getJob({ job_id });
    mustBe('the hidden cases, as Alice sees them', job.hidden_cases, undefined);
  });

  await step('Alice delivers job 4 again', () =>
    alice.client.deliverJob({ job_id, result: { program: realProgram } }),
  );
  tell.says(alice.name, 'delivers a program that adds up');
  const second = await step('the second verdict on job 4', () => awaitVerdict(bob, job_id));
  mustBe('the second verdict', [second.verification.verdict, second.job.status], ['pass', 'completed']);
  mustBe('what Bob was given', second.job.result, { program: realProgram });
  tell.says(bob.name, `sees the verdict: PASS (${listResults(second.verification)}), and has his program`);
  await aliceHears(scene, 'job.completed', job_id);
  tell.says(alice.name, 'is paid 8.00 less 0.20');
  for (const party of [alice, bob]) {
    const job = await step(`${party.name} reads the hidden cases`, () => party.client.getJob({ job_id }));
    mustBe('the hidden cases of a job that has ended', job.hidden_cases, { 'adds up': hidden });
  }
  tell.right('both can read the hidden cases now, and that they are those of the agreed hash');
  return job_id;
}

async function propose({ tell, alice, bob }: Scene): Promise<string | null> {
  for (let poll = 0; poll < offerPolls; poll += 1) {
    const job = await step('Bob proposes job 4', () =>
      bob.client
        .proposeJob({
          seller_agent_id: alice.agentId,
          max_budget: '8.00',
          requirements: { task: 'A program that adds up a receipt, "<count> x <price>" a line' },
          acceptance_criteria: criteria,
          hidden_cases: { 'adds up': hidden },
        })
        .catch((error: unknown) => {
          if (String(error).includes('is not offered here')) return null;
          throw error;
        }),
    );
    if (job !== null) {
      tell.says(bob.name, 'proposes 8.00 for a program, with two cases to read and three hidden ones');
      return job.job_id;
    }
    await delay(offerPollMs);
  }
  return null;
}

async function agree(scene: Scene, job_id: string): Promise<void> {
  const { tell, alice, bob } = scene;
  await aliceHears(scene, 'job.proposed', job_id);
  await step('Alice accepts job 4', () =>
    alice.client.acceptJob({ job_id, acceptance_criteria_hash: criteriaHash(criteria) }),
  );
  tell.says(alice.name, 'accepts; the hash that she names binds the hidden cases too');
  await aliceHears(scene, 'job.accepted', job_id);
  await step('Bob funds job 4', () => bob.client.fundJob({ job_id }));
  tell.says(bob.name, 'puts 8.00 into escrow');
  await aliceHears(scene, 'job.funded', job_id);
}
