import { claimRun, commit, releaseRun, settleVerification } from '@agent-registry/operations';
import type { TestResult } from '@agent-registry/schemas';
import { duringTests } from '@agent-registry/servers';
import { beforeEach } from '@jest/globals';
import { newAgent, type Reply, type TestAgent } from './call.ts';
import type { TestApi } from './start-api.ts';

/** Two agents with credits at hand. */
export interface Market {
  readonly client: TestAgent;
  readonly seller: TestAgent;
}

export async function newMarket(api: TestApi, credits = '1000.00'): Promise<Market> {
  const [client, seller] = await Promise.all([newAgent(api), newAgent(api)]);
  for (const agent of [client, seller]) {
    await agent.call('POST', `/v1/agents/${agent.id}/deposit`, { body: { amount: credits } });
  }
  return { client, seller };
}

/** A new market for each test of a file. */
export function useMarket(api: TestApi, credits?: string): Market {
  let market: Market | undefined;
  beforeEach(async () => {
    market = await newMarket(api, credits);
  });
  return duringTests(() => market);
}

/** What each has at hand: the client, then the seller. */
export const balancesOf = ({ client, seller }: Market): Promise<string[]> =>
  Promise.all(
    [client, seller].map(
      async (agent) => (await agent.call('GET', `/v1/agents/${agent.id}/balance`)).body.balance,
    ),
  );

/** A suite that any deliverable with `ok: true` passes; the test-runner is played by `recordVerdict`. */
export const CRITERIA = {
  version: '1.0',
  tests: [{ test_id: 'says-ok', type: 'assertion', params: { expression: 'output.ok == true' } }],
};

type State = 'proposed' | 'agreed' | 'funded' | 'in_progress' | 'delivered' | 'completed' | 'failed';
const ORDER: readonly State[] = ['proposed', 'agreed', 'funded', 'in_progress', 'delivered', 'completed'];

export interface JobWish {
  /** Members of the proposal beside the seller and a budget of 20.00. */
  readonly terms?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
}

/** A job in this state, brought there over HTTP. Returns its id. `completed` and `failed` are the client's own judgement. */
export async function newJob(
  { client, seller }: Market,
  state: State,
  { terms = {}, result = { ok: true } }: JobWish = {},
): Promise<string> {
  const proposal = { seller_agent_id: seller.id, max_budget: '20.00', ...terms };
  const { body: job } = await expectDone(client.call('POST', '/v1/jobs', { body: proposal }));
  const path = `/v1/jobs/${job.job_id}`;
  const hash = job.acceptance_criteria_hash;
  const steps: [State, () => Promise<Reply>][] = [
    ['agreed', () => seller.call('POST', `${path}/accept`, { body: { acceptance_criteria_hash: hash } })],
    ['funded', () => client.call('POST', `${path}/fund`)],
    ['in_progress', () => seller.call('POST', `${path}/start`)],
    ['delivered', () => seller.call('POST', `${path}/deliver`, { body: { result } })],
    ['completed', () => client.call('POST', `${path}/${state === 'failed' ? 'fail' : 'complete'}`)],
  ];
  const last = ORDER.indexOf(state === 'failed' ? 'completed' : state);
  for (const [reached, step] of steps) {
    if (ORDER.indexOf(reached) <= last) await expectDone(step());
  }
  return String(job.job_id);
}

async function expectDone(reply: Promise<Reply>): Promise<Reply> {
  const done = await reply;
  if (done.status >= 300) throw new Error(`arranging answered ${done.status}: ${done.text}`);
  return done;
}

/** Plays the dispatcher: takes the run of a job's last delivery. `givenBack` are jobs whose run had its turn before and was given back. */
export async function claimLast(api: TestApi, jobId: string) {
  const { run_id: runId } = await api.db
    .selectFrom('verification_runs')
    .select('run_id')
    .where('job_id', '=', jobId)
    .orderBy('delivery', 'desc')
    .executeTakeFirstOrThrow();
  const deps = { ...api.context, db: api.database.dispatcherDb };
  const givenBack: string[] = [];
  for (;;) {
    const { value: claim } = await commit(deps, (op) => claimRun(op, { runId }));
    if (claim.kind !== 'claimed' || claim.run.run_id === runId) return { deps, runId, claim, givenBack };
    givenBack.push(claim.job.job_id);
    const other = { runId: claim.run.run_id, token: claim.token, isRetried: true };
    await commit(deps, (op) => releaseRun(op, other));
  }
}

/** Plays the test-runner for a job's last delivery, with a verdict and what a script wrote. Resolves to the jobs whose run was given back. */
export async function recordVerdict(
  api: TestApi,
  jobId: string,
  verdict: 'pass' | 'fail',
  told: Partial<TestResult> = {},
): Promise<readonly string[]> {
  const { deps, runId, claim, givenBack } = await claimLast(api, jobId);
  if (claim.kind !== 'claimed') throw new Error(`the run is ${claim.kind}`);
  const result: TestResult = {
    test_id: 'says-ok',
    type: 'assertion',
    passed: verdict === 'pass',
    outcome: verdict === 'pass' ? 'passed' : 'failed',
    message: '',
    exit_code: null,
    stdout: '',
    stderr: '',
    ...told,
  };
  await commit(deps, (op) =>
    settleVerification(op, {
      runId,
      token: claim.token,
      response: {
        run_id: runId,
        verdict,
        results: [result],
        summary: `summary: ${result.stdout}`,
        criteria_hash: 'a'.repeat(64),
        deliverable_hash: 'b'.repeat(64),
        isolation: { backend: 'test', backends: [], runtimes: [] },
        usage: { duration_ms: 1, cpu_ms: 1, peak_memory_bytes: 1, tests: [] },
      },
    }),
  );
  return givenBack;
}
