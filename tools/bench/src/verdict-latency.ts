import { parseArgs } from 'node:util';
import { criteriaHash } from '@agent-registry/client';
import { createWakeUps } from '@agent-registry/db';
import { type E2eStack, openTown, startE2eStack, suite } from '@agent-registry/e2e/testing';

const HELP = `Measures from a verdict's commit to the client's receipt of the answer to its waiting /verify, through a whole stack of its own.

  npx node --conditions=@agent-registry/source tools/bench/src/verdict-latency.ts [--verdicts N]

  --verdicts  how many verdicts are waited for, one after the other (100)

since NOTIFY: from the NOTIFY after the commit, as a connection of this process hears it.
since verdict: from the time the verdict bears, which is when its transaction began: its own length and the commit count too.
`;
const WARM_UP = 10;
/** Long enough for the request to wait before the verdict comes. */
const SCRIPT = 'for (let turn = 0; turn < 3e6; turn += 1);';
const CRITERIA = suite({
  test_id: 'turns',
  type: 'script',
  params: { runtime: 'javascript', script: Buffer.from(SCRIPT).toString('base64') },
});

interface Answered {
  readonly sinceNotifyMs: number;
  readonly sinceVerdictMs: number;
}

async function measure(stack: E2eStack, verdicts: number): Promise<Answered[]> {
  const town = await openTown({ baseUrl: stack.apiUrl });
  const wakeUps = createWakeUps({ url: stack.database.url('registry_api') }, (error) => {
    throw error;
  });
  try {
    const [client, seller] = [await town.settle('client'), await town.settle('seller')];
    await client.client.depositCredits({ amount: '5000.00' });
    const answered: Answered[] = [];
    for (let at = 0; at < WARM_UP + verdicts; at += 1) {
      const { job_id } = await client.client.proposeJob({
        seller_agent_id: seller.agentId,
        max_budget: '1.00',
        acceptance_criteria: CRITERIA,
      });
      await seller.client.acceptJob({ job_id, acceptance_criteria_hash: criteriaHash(CRITERIA) });
      await client.client.fundJob({ job_id });
      await seller.client.startJob({ job_id });
      let notifiedMs: number | undefined;
      const unsubscribe = wakeUps.subscribe(`job:${job_id}`, () => {
        notifiedMs ??= Date.now();
      });
      await seller.client.deliverJob({ job_id, result: at });
      const { verification } = await client.client.verifyJob({ job_id }, { waitSeconds: 20 });
      const nowMs = Date.now();
      unsubscribe();
      const [run] = (await seller.client.listVerifications({ job_id })).items;
      if (verification === null || typeof run?.finished_at !== 'string' || notifiedMs === undefined) continue;
      const sinceVerdictMs = nowMs - Date.parse(run.finished_at);
      if (at >= WARM_UP) answered.push({ sinceNotifyMs: nowMs - notifiedMs, sinceVerdictMs });
    }
    return answered;
  } finally {
    await wakeUps.close();
    await town.close();
  }
}

function show(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const cells = [sorted.length, at(0.5), at(0.95), at(1)].map((value) => String(value).padStart(9)).join('');
  console.log(`${name.padEnd(16)}${cells}`);
}

const { values } = parseArgs({ options: { verdicts: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help === true) {
  process.stdout.write(HELP);
} else {
  const stack = await startE2eStack({ VERDICT_FAIL_STEP_SECONDS: '0' });
  try {
    const answered = await measure(stack, Number(values.verdicts ?? 100));
    console.log(`${''.padEnd(16)} answers      p50      p95  longest   (ms)`);
    show(
      'since NOTIFY',
      answered.map(({ sinceNotifyMs }) => sinceNotifyMs),
    );
    show(
      'since verdict',
      answered.map(({ sinceVerdictMs }) => sinceVerdictMs),
    );
  } finally {
    await stack.remove();
  }
}
